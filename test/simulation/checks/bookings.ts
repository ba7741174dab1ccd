import { arrowsOf } from '../arrows.ts';
import type { Clients } from '../clients.ts';
import { unknownEvent } from '../scenario.ts';
import type { BookingRow, EventRow, PaymentRow, RecordRow, Tables } from '../tables.ts';

/** A booking with the records of its steps and with its event. */
interface Found {
  readonly booking: BookingRow;
  readonly slot: RecordRow | undefined;
  readonly payment: PaymentRow | undefined;
  readonly event: EventRow | undefined;
}

export function checkBooking(booking: BookingRow, tables: Tables, clients: Clients): string[] {
  const { id, state, reason, eventId } = booking;
  const slot = tables.slots.find(({ bookingId }) => bookingId === id);
  const payment = tables.payments.find(({ bookingId }) => bookingId === id);
  const event = tables.events.find((each) => each.id === eventId);
  const found = { booking, slot, payment, event };
  const offences: string[] = [];
  const require = (isSo: boolean, what: string) => isSo || offences.push(`booking ${id} ${what}`);
  require(state === 'complete' || state === 'canceled', `is stuck in ${state}`);
  for (const arrow of arrowsOf(booking)) require(!arrow.startsWith('no arrow'), `made a wrong transition: ${arrow}`);
  if (state === 'complete') checkComplete(found, require);
  if (state === 'canceled') {
    require(slot?.state !== 'granted', 'is canceled, but holds a slot');
    require(payment?.state !== 'paid', 'is canceled, but has paid');
    require(isReasonTrue(found, tables, clients), `was canceled for ${reason}, which is untrue`);
  }
  if (eventId === unknownEvent) require(state === 'canceled', 'is for an unknown event, but not canceled');
  return offences;
}

function checkComplete({ booking, slot, payment, event }: Found, require: (isSo: boolean, what: string) => void): void {
  const { price, expectedPrice, reason } = booking;
  require(slot?.state === 'granted', `is complete with a slot that is ${slot?.state}`);
  require(payment?.state === 'paid', `is complete with a payment that is ${payment?.state}`);
  require(price === slot?.amount &&
    price === payment?.amount, `costs ${price}, but its slot ${slot?.amount} and its payment ${payment?.amount}`);
  require(expectedPrice === null || price === expectedPrice, `costs ${price}, but its buyer saw ${expectedPrice}`);
  require(event?.isCanceled === false, 'is complete for an event that was canceled');
  require(reason === null, `is complete, but has the reason ${reason}`);
}

/** Whether the tables and the requests of clients confirm the reason of a canceled booking. */
function isReasonTrue({ booking, slot, payment, event }: Found, tables: Tables, clients: Clients): boolean {
  const { id, eventId, reason, madeBy, expectedPrice, deskReference } = booking;
  const isRefused = (record: RecordRow | undefined) => record?.state === 'refused' && record.reason === reason;
  const isByHand = madeBy !== null;
  const decidedAt = slot?.decidedAt ?? new Date(Number.NaN);
  const endsAt = event?.saleClosesAt ?? event?.startsAt ?? null;
  switch (reason) {
    case 'by_owner':
      return clients.maybeCanceled.has(id);
    case 'event_canceled':
      return clients.maybeCanceledEvents.has(eventId) && (slot?.state === 'released' || isRefused(slot));
    case 'insufficient_funds':
      return isRefused(payment) && payment?.amount !== 0 && deskReference === null;
    case 'reference_used':
      return isRefused(payment) && tables.payments.some((each) => each.deskReference === deskReference);
    case 'no_such_event':
      return isRefused(slot) && eventId === unknownEvent;
    case 'limit_per_person':
      return isRefused(slot) && !isByHand && event?.maxPerPerson !== null;
    case 'sales_not_open':
      return isRefused(slot) && !isByHand && event?.saleOpensAt != null && decidedAt < event.saleOpensAt;
    case 'sales_closed':
      return isRefused(slot) && !isByHand && endsAt !== null && decidedAt >= endsAt;
    case 'price_changed':
      return isRefused(slot) && [...(clients.maybePrices.get(eventId) ?? [])].some((price) => price !== expectedPrice);
    default:
      return isRefused(slot);
  }
}
