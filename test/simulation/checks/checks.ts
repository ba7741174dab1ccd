import { addedBy, paidInBy } from '../../account/payments/payments.ts';
import type { Clients } from './clients.ts';
import { type Scenario, unknownEvent } from './scenario.ts';
import { arrowsOf, type BookingRow, type EventRow, type RecordRow, type Tables } from './tables.ts';

/** Checks the rules that must hold after everything has settled. @returns a description of each offence. */
export function findOffences(tables: Tables, scenario: Scenario, clients: Clients): string[] {
  return [
    ...checkSlots(tables),
    ...checkMoney(tables),
    ...tables.bookings.flatMap((booking) => checkBooking(booking, tables, clients)),
    ...checkAnswers(tables, clients),
    ...checkPaidIn(tables, scenario, clients),
    ...checkKeys(tables, clients),
    ...checkVouchers(tables, clients),
  ];
}

function checkSlots({ events, slots, bookings }: Tables): string[] {
  const offences: string[] = [];
  for (const event of events) {
    const { id, totalSlots, takenSlots, isCanceled } = event;
    const held = slots.filter(({ eventId, state }) => eventId === id && state === 'granted');
    const granted = held.length;
    offences.push(...checkSales(event, held));
    if (granted !== takenSlots) offences.push(`event ${id} has ${takenSlots} taken slots, but granted ${granted}`);
    if (granted > totalSlots) offences.push(`event ${id} is oversold: ${granted} of ${totalSlots}`);
    if (isCanceled && granted > 0) offences.push(`event ${id} is canceled, but ${granted} of its slots are granted`);
  }
  return [...offences, ...checkOwners('slot', slots, bookings)];
}

/** No person holds more slots than the limit, or a slot granted before sales opened. */
function checkSales({ id, saleOpensAt, maxPerPerson }: EventRow, held: readonly RecordRow[]): string[] {
  const early = held.filter(({ decidedAt }) => saleOpensAt !== null && decidedAt < saleOpensAt);
  const offences = early.map(
    ({ bookingId }) => `booking ${bookingId} got a slot before the sales of event ${id} opened`,
  );
  for (const [personId, own] of Map.groupBy(held, (record) => record.personId)) {
    if (maxPerPerson === null || own.length <= maxPerPerson) continue;
    offences.push(`person ${personId} holds ${own.length} slots of event ${id}, but may hold ${maxPerPerson}`);
  }
  return offences;
}

/** Each record belongs to an existing booking, with the same event and person. */
function checkOwners(what: string, records: readonly RecordRow[], bookings: readonly BookingRow[]): string[] {
  return records.flatMap(({ bookingId, eventId, personId }) => {
    const booking = bookings.find(({ id }) => id === bookingId);
    if (booking === undefined) return [`there is a ${what} of booking ${bookingId}, but no such booking`];
    if (booking.eventId === eventId && booking.personId === personId) return [];
    return [`the ${what} of booking ${bookingId} has event ${eventId} and person ${personId}, unlike the booking`];
  });
}

function checkMoney({ accounts, transfers, payments, bookings }: Tables): string[] {
  const offences = checkOwners('payment', payments, bookings);
  for (const { personId, balance, deposited } of accounts) {
    const own = transfers.filter((transfer) => transfer.personId === personId);
    const sum = own.reduce((total, { kind, amount }) => total + addedBy({ kind, amount }), 0);
    const paidIn = own.reduce((total, { kind, amount }) => total + paidInBy({ kind, amount }), 0);
    if (sum !== balance) offences.push(`person ${personId} has ${balance}, but transfers of ${sum}`);
    if (paidIn !== deposited) offences.push(`person ${personId} deposited ${deposited}, but transfers say ${paidIn}`);
    if (balance < 0) offences.push(`person ${personId} has a negative balance of ${balance}`);
  }
  for (const { id } of bookings) {
    const amounts = (kind: string) =>
      transfers.filter((each) => each.bookingId === id && each.kind === kind).map(({ amount }) => amount);
    const payment = payments.find(({ bookingId }) => bookingId === id);
    const moves = payment?.amount && ['paid', 'refunded'].includes(payment.state) ? [payment.amount] : [];
    const back = payment?.state === 'refunded' ? moves : [];
    if (`${amounts('payment')}` !== `${moves}`)
      offences.push(`booking ${id} paid [${amounts('payment')}], not [${moves}]`);
    if (`${amounts('refund')}` !== `${back}`)
      offences.push(`booking ${id} got [${amounts('refund')}] back, not [${back}]`);
  }
  return offences;
}

function checkBooking(booking: BookingRow, { slots, payments, events }: Tables, clients: Clients): string[] {
  const { id, state, price, reason, eventId } = booking;
  const offences: string[] = [];
  const require = (isSo: boolean, what: string) => isSo || offences.push(`booking ${id} ${what}`);
  const slot = slots.find(({ bookingId }) => bookingId === id);
  const payment = payments.find(({ bookingId }) => bookingId === id);
  const event = events.find((each) => each.id === eventId);
  require(state === 'complete' || state === 'canceled', `is stuck in ${state}`);
  for (const arrow of arrowsOf(booking)) require(!arrow.startsWith('no arrow'), `made a wrong transition: ${arrow}`);
  if (state === 'complete') {
    require(slot?.state === 'granted', `is complete with a slot that is ${slot?.state}`);
    require(payment?.state === 'paid', `is complete with a payment that is ${payment?.state}`);
    require(price === slot?.amount &&
      price === payment?.amount, `costs ${price}, but its slot ${slot?.amount} and its payment ${payment?.amount}`);
    require(event?.isCanceled === false, 'is complete for an event that was canceled');
    require(reason === null, `is complete, but has the reason ${reason}`);
  }
  if (state === 'canceled') {
    require(slot?.state !== 'granted', 'is canceled, but holds a slot');
    require(payment?.state !== 'paid', 'is canceled, but has paid');
    require(isReasonTrue(booking, { slot, payment, event }, clients), `was canceled for ${reason}, which is untrue`);
  }
  if (eventId === unknownEvent) require(state === 'canceled', 'is for an unknown event, but not canceled');
  return offences;
}

/** Whether the tables and the requests of clients confirm the reason of a canceled booking. */
function isReasonTrue(
  { id, eventId, reason }: BookingRow,
  {
    slot,
    payment,
    event,
  }: { slot: RecordRow | undefined; payment: RecordRow | undefined; event: EventRow | undefined },
  { maybeCanceled, maybeCanceledEvents }: Clients,
): boolean {
  if (reason === 'by_owner') return maybeCanceled.has(id);
  if (reason === 'event_canceled' && !maybeCanceledEvents.has(eventId)) return false;
  if (reason === 'event_canceled' && slot?.state === 'released') return true;
  const record = reason === 'insufficient_funds' ? payment : slot;
  if (reason === 'no_such_event' && eventId !== unknownEvent) return false;
  if (reason === 'insufficient_funds' && payment?.amount === 0) return false;
  if (reason === 'limit_per_person' && !event?.maxPerPerson) return false;
  if (reason === 'sales_not_open' && !(slot && event?.saleOpensAt && slot.decidedAt < event.saleOpensAt)) return false;
  return record?.state === 'refused' && record.reason === reason;
}

/** Every answer to a client is true: the booking is stored as answered, or has moved on or was canceled since. */
function checkAnswers({ bookings }: Tables, clients: Clients): string[] {
  const offences: string[] = [];
  for (const { how, booking: told } of clients.told) {
    const booking = bookings.find(({ id }) => id === told.id);
    const require = (isSo: boolean, what: string) =>
      isSo || offences.push(`booking ${told.id} was answered as ${told.state} (${how}), but ${what}`);
    require(booking !== undefined, 'does not exist');
    if (booking === undefined) continue;
    require(told.personId === booking.personId && told.eventId === booking.eventId, 'has another person or event');
    require(told.price === null || told.price === booking.price, `costs ${booking.price}, not ${told.price}`);
    require(told.reason === null || told.reason === booking.reason, `is canceled for ${booking.reason}`);
    if (told.state === 'canceled' || how === 'canceled') require(booking.state === 'canceled', `is ${booking.state}`);
    const mayBeCanceled = clients.maybeCanceled.has(told.id) || clients.maybeCanceledEvents.has(told.eventId);
    if (told.state === 'complete') require(mayBeCanceled || booking.state === 'complete', `is ${booking.state}`);
  }
  const ids = clients.told.flatMap(({ how, booking }) => (how === 'booked' ? [booking.id] : []));
  if (new Set(ids).size < ids.length) offences.push(`two clients were answered with one booking: ${ids}`);
  return [...offences, ...checkStored(bookings, clients)];
}

/** Every answered booking is stored, every booking with an unknown outcome may be stored, and no others are. */
function checkStored(bookings: readonly BookingRow[], { asked }: Clients): string[] {
  const stored = Map.groupBy(bookings, ({ personId, eventId }) => `${personId} ${eventId}`);
  const unasked = [...stored.keys()].filter((key) => !asked.has(key));
  const offences = unasked.map((key) => `no client booked for person and event ${key}`);
  for (const [key, { personId, eventId, ids, notKnown }] of asked) {
    const count = stored.get(key)?.length ?? 0;
    if (count >= ids.length && count <= ids.length + notKnown) continue;
    offences.push(
      `person ${personId} has ${count} bookings for event ${eventId}: ${ids.length} were answered, ${notKnown} may be stored`,
    );
  }
  return offences;
}

function checkPaidIn({ accounts, events }: Tables, { balances }: Scenario, clients: Clients): string[] {
  const offences = accounts.flatMap(({ personId, deposited }) => {
    const { sent, answered } = clients.paidIn.get(personId) ?? { sent: 0, answered: 0 };
    const added = deposited - (balances[personId - 1] ?? 0);
    return added >= answered && added <= sent
      ? []
      : [`person ${personId} has paid in ${added}, but ${sent} were sent and ${answered} answered`];
  });
  for (const id of clients.canceledEvents) {
    if (!events.some((event) => event.id === id && event.isCanceled)) offences.push(`event ${id} is not canceled`);
  }
  return offences;
}

/** A key belongs to one booking, which is the booking in the client's answer. */
function checkKeys({ keys, bookings }: Tables, clients: Clients): string[] {
  const offences = keys.flatMap(({ key, bookingId }) =>
    bookings.some(({ id }) => id === bookingId)
      ? []
      : [`the key ${key} stands for booking ${bookingId}, which does not exist`],
  );
  if (new Set(keys.map(({ bookingId }) => bookingId)).size < keys.length)
    offences.push('two keys stand for one booking');
  for (const [client, id] of clients.keys) {
    const kept = keys.find(({ key }) => key === client)?.bookingId;
    if (kept !== id) offences.push(`${client} was answered with booking ${id}, but its key stands for ${kept}`);
  }
  return offences;
}

/** An answered credit or payout is stored, a refused one is not, and one with an unknown outcome may be. */
function checkVouchers({ vouchers }: Tables, clients: Clients): string[] {
  const made = new Set(vouchers.map(({ reference }) => reference));
  const unasked = vouchers.filter(({ reference, kind }) => kind === null || !clients.vouchers.has(reference));
  const offences = unasked.map(({ reference }) => `no client asked for the credit or payout ${reference}`);
  for (const [reference, { isKnown, answers }] of clients.vouchers) {
    if (answers.size > 0 && !made.has(reference))
      offences.push(`the credit or payout ${reference} was answered, but is not stored`);
    if (answers.size === 0 && isKnown && made.has(reference))
      offences.push(`the credit or payout ${reference} was refused, but is stored`);
  }
  return offences;
}
