import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { Answer } from '../support/system.ts';

/**
 * The outcome of a request, as its client knows it. `done`: the request was carried out (2xx). `not stored`: nothing
 * was stored (503). `unknown`: 504 or another server error, an unexpected answer, a broken connection, no answer yet.
 */
export type Fate = 'done' | 'not stored' | 'unknown';

/** What is recorded for every request. */
export interface Asked {
  fate: Fate;
  /** The time of the answer, in milliseconds of `performance.now()`. */
  answeredMs?: number;
}

export interface AskedBooking extends Asked {
  readonly personId: number;
  readonly eventId: number;
  status?: number;
  told?: BookingAnswer;
}

export interface AskedCancellation extends Asked {
  readonly bookingId: number;
  status?: number;
  told?: BookingAnswer;
}

export interface AskedEvent extends Asked {
  readonly eventId: number;
}

export interface AskedDeposit extends Asked {
  readonly personId: number;
  readonly delta: number;
}

/** All requests of the clients, with their answers. */
export class Ledger {
  readonly bookings: AskedBooking[] = [];
  readonly cancellations: AskedCancellation[] = [];
  readonly canceledEvents: AskedEvent[] = [];
  readonly createdEvents: AskedEvent[] = [];
  readonly deposits: AskedDeposit[] = [];
  /** Answers that no fault explains, such as a 404 for a booking that was acknowledged. */
  readonly strange: string[] = [];

  /** The number of requests with each outcome, for each kind of request. */
  summary(): string {
    const { bookings, cancellations, canceledEvents, deposits } = this;
    return Object.entries({ bookings, cancellations, canceledEvents, deposits })
      .map(([name, asked]) => {
        const count = (fate: Fate) => asked.filter((each) => each.fate === fate).length;
        return `${name}: ${count('done')} done, ${count('not stored')} not stored, ${count('unknown')} unknown`;
      })
      .join('; ');
  }
}

/** The outcome of a request by the status of its answer; `unknown` if no complete answer arrived. */
export function fateOf(answer: Answer | undefined): Fate {
  if (answer === undefined || (answer.status >= 500 && answer.status !== 503)) return 'unknown';
  return answer.status === 503 ? 'not stored' : 'done';
}

interface BookingRow {
  readonly id: number;
  readonly personId: number;
  readonly eventId: number;
  readonly price: number | null;
  readonly status: number;
  readonly reason: string | null;
}

interface Tables {
  readonly bookings: readonly BookingRow[];
  readonly events: readonly { readonly id: number; readonly isCanceled: boolean }[];
  readonly accounts: readonly { readonly personId: number; readonly deposited: number }[];
}

const complete = 4;
const canceled = -1;

/** Returns the answers that the tables contradict; none if all are true. Call it after everything has settled. */
export async function findLies(ledger: Ledger, sql: Sql): Promise<string[]> {
  const tables: Tables = {
    bookings: await sql.query(
      'select id, person_id as "personId", event_id as "eventId", price, status, reason from book.booking',
    ),
    events: await sql.query('select id, canceled_at is not null as "isCanceled" from events.event'),
    accounts: await sql.query('select person_id as "personId", deposited from account.account'),
  };
  return [
    ...ledger.strange,
    ...liesAboutBookings(ledger, tables),
    ...liesAboutCancellations(ledger, tables),
    ...liesAboutNumbers(ledger, tables),
    ...liesAboutEvents(ledger, tables),
    ...liesAboutDeposits(ledger, tables),
  ];
}

/**
 * A booking that was answered as complete is complete, or was canceled later. One that was answered as canceled is
 * canceled for the same reason. One that was answered with 202 has settled.
 */
function liesAboutBookings({ bookings }: Ledger, tables: Tables): string[] {
  const rows = new Map(tables.bookings.map((row) => [row.id, row]));
  return bookings.flatMap(({ personId, eventId, status, told }) => {
    if (told === undefined) return [];
    const row = rows.get(told.id);
    const isSame =
      row?.personId === personId &&
      row.eventId === eventId &&
      told.user_id === personId &&
      told.event_id === eventId &&
      (row.status === complete || row.status === canceled) &&
      (status !== 201 || isAsTold(told, row));
    return isSame ? [] : [`told ${status} ${JSON.stringify(told)}, stored ${JSON.stringify(row)}`];
  });
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
  const byOwner = new Set(possible(cancellations).map(({ bookingId }) => bookingId));
  const byEvent = new Set(possible(canceledEvents).map(({ eventId }) => eventId));
  const lies = cancellations.flatMap(({ bookingId, fate, status, told }) => {
    const row = rows.get(bookingId);
    if (fate !== 'done' || (row?.status === canceled && (status !== 200 || told?.status === canceled))) return [];
    return [`cancellation answered ${status} ${JSON.stringify(told)}, stored ${JSON.stringify(row)}`];
  });
  for (const row of tables.bookings) {
    const isUnasked =
      (row.reason === 'by_owner' && !byOwner.has(row.id)) ||
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

function liesAboutDeposits({ deposits }: Ledger, tables: Tables): string[] {
  const asked = Map.groupBy(deposits, ({ personId }) => personId);
  const stored = new Map(tables.accounts.map(({ personId, deposited }) => [personId, deposited]));
  return [...asked].flatMap(([personId, each]) => {
    const sum = (fate: Fate) => each.reduce((all, one) => all + (one.fate === fate ? one.delta : 0), 0);
    const [told, unknown, deposited] = [sum('done'), sum('unknown'), stored.get(personId) ?? 0];
    if (told <= deposited && deposited <= told + unknown) return [];
    return [`person ${personId}: deposits of ${told} were answered, ${unknown} are unknown, ${deposited} are stored`];
  });
}

/** The requests that were or may have been carried out. */
function possible<Each extends Asked>(asked: readonly Each[]): Each[] {
  return asked.filter(({ fate }) => fate !== 'not stored');
}
