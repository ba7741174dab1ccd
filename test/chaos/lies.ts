import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { Asked, AskedBooking, Fate, Ledger } from './ledger.ts';

interface BookingRow {
  readonly id: number;
  readonly personId: number;
  readonly eventId: number;
  readonly price: number | null;
  readonly expectedPrice: number | null;
  readonly madeBy: number | null;
  readonly deskReference: string | null;
  readonly status: number;
  readonly reason: string | null;
  readonly isCheckedIn: boolean;
}

interface DeskPayment {
  readonly bookingId: number;
  readonly personId: number;
  readonly reference: string;
  readonly amount: number;
}

interface Tables {
  readonly bookings: readonly BookingRow[];
  readonly events: readonly { readonly id: number; readonly isCanceled: boolean }[];
  readonly accounts: readonly { readonly personId: number; readonly deposited: number }[];
  readonly deskPayments: readonly DeskPayment[];
}

const complete = 4;
const canceled = -1;

const selectBookings = `
select id, person_id as "personId", event_id as "eventId", price, expected_price as "expectedPrice",
       made_by as "madeBy", desk_reference as "deskReference", status, reason,
       checked_in_at is not null as "isCheckedIn"
  from book.booking`;

const selectDeskPayments = `
select booking_id as "bookingId", person_id as "personId", desk_reference as reference, amount
  from account.payment
 where desk_reference is not null`;

/** Returns the answers that the tables contradict; none if all are true. Call it after everything has settled. */
export async function findLies(ledger: Ledger, sql: Sql): Promise<string[]> {
  const tables: Tables = {
    bookings: await sql.query(selectBookings),
    events: await sql.query('select id, canceled_at is not null as "isCanceled" from events.event'),
    accounts: await sql.query('select person_id as "personId", deposited from account.account'),
    deskPayments: await sql.query(selectDeskPayments),
  };
  return [
    ...ledger.strange,
    ...liesAboutBookings(ledger, tables),
    ...liesAboutCancellations(ledger, tables),
    ...liesAboutNumbers(ledger, tables),
    ...liesAboutEvents(ledger, tables),
    ...liesAboutDeposits(ledger, tables),
    ...liesAboutDesk(ledger, tables),
    ...liesAboutCheckIns(ledger, tables),
  ];
}

/**
 * A booking that was answered as complete is complete, or was canceled later. One that was answered as canceled is
 * canceled for the same reason. One that was answered with 202 has settled.
 */
function liesAboutBookings({ bookings }: Ledger, tables: Tables): string[] {
  const rows = new Map(tables.bookings.map((row) => [row.id, row]));
  return bookings.flatMap((asked) => {
    const { personId, eventId, status, told } = asked;
    if (told === undefined) return [];
    const row = rows.get(told.id);
    const isSame =
      row?.personId === personId &&
      isAsAsked(asked, row) &&
      row.eventId === eventId &&
      told.user_id === personId &&
      told.event_id === eventId &&
      (row.status === complete || row.status === canceled) &&
      (status !== 201 || isAsTold(told, row));
    return isSame ? [] : [`told ${status} ${JSON.stringify(told)}, stored ${JSON.stringify(row)}`];
  });
}

/** A booking costs the price that its buyer saw or that its organizer set, and is paid as asked. */
function isAsAsked({ expectedPrice, byHand }: AskedBooking, row: BookingRow): boolean {
  if (row.expectedPrice !== (expectedPrice ?? null) || row.deskReference !== (byHand?.reference ?? null)) return false;
  if ((row.madeBy !== null) !== (byHand !== undefined)) return false;
  if (byHand !== undefined) return row.price === byHand.price;
  if (expectedPrice === undefined) return row.reason !== 'price_changed';
  return row.price === null || row.price === expectedPrice;
}

function isAsTold(told: BookingAnswer, row: BookingRow): boolean {
  if (told.status === complete) {
    const isUndoneSince =
      row.status === canceled && ['by_owner', 'by_organizer', 'event_canceled'].includes(row.reason ?? '');
    return row.price === told.price && (row.status === complete || isUndoneSince);
  }
  return told.status === canceled && row.status === canceled && row.reason === told.reason;
}

/**
 * A booking is canceled if a cancellation was answered as done. No booking is canceled unless a cancellation of it or
 * of its event may have been carried out.
 */
function liesAboutCancellations({ cancellations, canceledEvents }: Ledger, tables: Tables): string[] {
  const rows = new Map(tables.bookings.map((row) => [row.id, row]));
  const byPerson = new Set(possible(cancellations).map(({ bookingId }) => bookingId));
  const byEvent = new Set(possible(canceledEvents).map(({ eventId }) => eventId));
  const lies = cancellations.flatMap(({ bookingId, fate, status, told }) => {
    const row = rows.get(bookingId);
    if (fate !== 'done' || (row?.status === canceled && (status !== 200 || told?.status === canceled))) return [];
    return [`cancellation answered ${status} ${JSON.stringify(told)}, stored ${JSON.stringify(row)}`];
  });
  for (const row of tables.bookings) {
    const isUnasked =
      (['by_owner', 'by_organizer'].includes(row.reason ?? '') && !byPerson.has(row.id)) ||
      (row.reason === 'event_canceled' && !byEvent.has(row.eventId));
    if (isUnasked) lies.push(`canceled without a request: ${JSON.stringify(row)}`);
  }
  return lies;
}

/** Each person has as many bookings of each event as were answered, plus at most those with an unknown outcome. */
function liesAboutNumbers({ bookings }: Ledger, tables: Tables): string[] {
  const personAtEvent = ({ personId, eventId }: { personId: number; eventId: number }) => `${personId} at ${eventId}`;
  const asked = Map.groupBy(bookings, personAtEvent);
  const stored = Map.groupBy(tables.bookings, personAtEvent);
  const lies = [...new Set([...asked.keys(), ...stored.keys()])].flatMap((key) => {
    const told = asked.get(key)?.filter(({ fate }) => fate === 'done').length ?? 0;
    const unknown = asked.get(key)?.filter(({ fate }) => fate === 'unknown').length ?? 0;
    const rows = stored.get(key)?.length ?? 0;
    if (told <= rows && rows <= told + unknown) return [];
    return [`person ${key}: ${told} bookings were answered, ${unknown} are unknown, ${rows} are stored`];
  });
  const ids = bookings.flatMap(({ told }) => told?.id ?? []);
  if (new Set(ids).size < ids.length) lies.push('two requests were answered with the same booking');
  return lies;
}

/**
 * A created event exists. An event is canceled if its cancellation was answered as done. No event is canceled unless a
 * cancellation may have been carried out. No booking of a canceled event is complete.
 */
function liesAboutEvents({ canceledEvents, createdEvents }: Ledger, tables: Tables): string[] {
  const stored = new Map(tables.events.map((event) => [event.id, event]));
  const asked = new Set(possible(canceledEvents).map(({ eventId }) => eventId));
  const lost = createdEvents.filter(({ eventId }) => !stored.has(eventId));
  const going = canceledEvents.filter(({ eventId, fate }) => fate === 'done' && !stored.get(eventId)?.isCanceled);
  const unasked = tables.events.filter(({ id, isCanceled }) => isCanceled && !asked.has(id));
  const kept = tables.bookings.filter((row) => row.status === complete && stored.get(row.eventId)?.isCanceled);
  return [
    ...lost.map(({ eventId }) => `event ${eventId} was created, but is not stored`),
    ...going.map(({ eventId }) => `event ${eventId} was answered as canceled, but is not`),
    ...unasked.map(({ id }) => `event ${id} is canceled without a request`),
    ...kept.map((row) => `complete at a canceled event: ${JSON.stringify(row)}`),
  ];
}

/** What a person paid in, beside the payments at the desk, is what was deposited. */
function liesAboutDeposits({ deposits }: Ledger, tables: Tables): string[] {
  const asked = Map.groupBy(deposits, ({ personId }) => personId);
  const stored = new Map(tables.accounts.map(({ personId, deposited }) => [personId, deposited]));
  return [...asked].flatMap(([personId, each]) => {
    const sum = (fate: Fate) => each.reduce((all, one) => all + (one.fate === fate ? one.delta : 0), 0);
    const own = tables.deskPayments.filter((payment) => payment.personId === personId);
    const atDesk = own.reduce((all, { amount }) => all + amount, 0);
    const [told, unknown, deposited] = [sum('done'), sum('unknown'), (stored.get(personId) ?? 0) - atDesk];
    if (told <= deposited && deposited <= told + unknown) return [];
    return [`person ${personId}: deposits of ${told} were answered, ${unknown} are unknown, ${deposited} are stored`];
  });
}

/** A receipt pays for one booking, and is refused as used only if it paid for another. */
function liesAboutDesk({ bookings }: Ledger, { deskPayments }: Tables): string[] {
  const paid = Map.groupBy(deskPayments, ({ reference }) => reference);
  const twice = [...paid].filter(([, payments]) => payments.length > 1);
  const unpaid = bookings.filter(({ told, byHand }) => {
    const payments = paid.get(byHand?.reference ?? '') ?? [];
    if (told?.reason === 'reference_used') return !payments.some(({ bookingId }) => bookingId !== told.id);
    const isPaid = told?.status === complete && byHand?.reference !== undefined;
    return isPaid && !payments.some(({ bookingId, amount }) => bookingId === told.id && amount === byHand.price);
  });
  return [
    ...twice.map(([reference, payments]) => `${reference} paid for ${JSON.stringify(payments)}`),
    ...unpaid.map(({ told }) => `no payment at the desk agrees with ${JSON.stringify(told)}`),
  ];
}

/**
 * The last check-in or undo of a complete booking holds. A request with an unknown outcome may be carried out late, so
 * its booking is not judged.
 */
function liesAboutCheckIns({ checkIns }: Ledger, tables: Tables): string[] {
  const rows = new Map(tables.bookings.map((row) => [row.id, row]));
  return [...Map.groupBy(checkIns, ({ bookingId }) => bookingId)].flatMap(([bookingId, asked]) => {
    const row = rows.get(bookingId);
    const done = asked.filter(({ fate, status }) => fate === 'done' && status === 200);
    const isKnown = row?.status === complete && asked.every(({ fate }) => fate !== 'unknown');
    if (!isKnown || row.isCheckedIn === (done.at(-1)?.isIn ?? false)) return [];
    return [`the last answered check-in or undo is ${JSON.stringify(asked.at(-1))}, stored ${JSON.stringify(row)}`];
  });
}

/** The requests that were or may have been carried out. */
function possible<Each extends Asked>(asked: readonly Each[]): Each[] {
  return asked.filter(({ fate }) => fate !== 'not stored');
}
