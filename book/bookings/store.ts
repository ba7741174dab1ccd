import type { AuditEntry } from '../../contracts/auth/audit.ts';
import { columns, type Database, type Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { discardMessages, type OutboxWriter } from '../../platform/outbox.ts';
import type { Cancellation, Move, SagaStore } from '../../saga/coordinator/store.ts';
import type { Booking, BookingDraft, StepReply } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { bookingColumns, numberOf, schema } from '../schema.ts';
import { findBooking } from './details-store.ts';
import { insertBookings } from './insert-store.ts';
import { type BookingRow, bookingOf, type FullBooking } from './row-schema.ts';
import { cancelBookings, moveBookings } from './transitions-store.ts';

/** The open bookings of one state. */
export interface OpenBookings {
  readonly state: Status;
  readonly count: number;
  /** How many of these bookings failed on their last attempt. */
  readonly stuck: number;
  /** When the oldest of these bookings became open. */
  readonly since: Date;
}

export interface BookStore extends SagaStore<Status, Booking, BookingDraft, StepReply> {
  /** A page of a person's bookings: of all, or of those of one event. */
  listOf(personId: number, page: Page, eventId?: number): Promise<Booking[]>;
  get(id: number): Promise<FullBooking | undefined>;
  /** Counts the open bookings of all processes. States without any are left out. */
  countOpen(): Promise<OpenBookings[]>;
}

const { named } = bookingSaga;

const selectByIds = `
select ${bookingColumns}
  from ${schema}.booking as b
 where b.id = any($1::bigint[])`;

const selectByPerson = `
select ${bookingColumns}
  from ${schema}.booking as b
 where b.person_id = $1
   and b.id > $2
   and ($4::bigint is null or b.event_id = $4)
 order by b.id
 limit $3`;

// `any (array (...))` instead of a join: PostgreSQL evaluates the subquery once, and locks only the rows it takes. A
// booking in a state of a newer version is left to a process of that version.
const takeDueBookings = `
update ${schema}.booking as b
   set due_at = $2
 where b.id = any (array (select id
                            from ${schema}.booking
                           where due_at <= $1
                             and status in (${bookingSaga.open.map(numberOf).join(', ')})
                           order by due_at
                           limit $3
                             for update skip locked))
returning ${bookingColumns}, coalesce(b.refunding_at, b.occupying_at) as "openSince"`;

// Rows that another transaction has locked are skipped, because waiting would delay all other leases. Their ids are not
// returned, and the caller renews them the next time.
const pushDueBookings = `
update ${schema}.booking
   set due_at = $2
 where id = any (array (select id
                          from ${schema}.booking
                         where id = any($1::bigint[])
                           and due_at is not null
                         order by id
                           for update skip locked))
returning id`;

const postponeBookings = `
update ${schema}.booking as b
   set attempts = b.attempts + 1, due_at = t.due_at, last_error = t.error
  from unnest($1::bigint[], $2::timestamptz[], $3::text[]) as t (id, due_at, error)
 where b.id = t.id
   and b.status = $4`;

// Uses the partial index on due_at, which holds only open bookings: the cost does not grow with settled ones.
const countOpenBookings = `
select status,
       count(*) as count,
       count(*) filter (where attempts > 0) as stuck,
       min(coalesce(refunding_at, occupying_at)) as since
  from ${schema}.booking
 where due_at is not null
 group by status`;

export function createBookStore(database: Database, auditLog: OutboxWriter<AuditEntry> = discardMessages): BookStore {
  const bookings = async (text: string, values: readonly unknown[]) =>
    (await database.query<BookingRow>(text, values)).map(bookingOf);
  return {
    insert: (drafts, now, dueAt) => insertBookings(database, auditLog, drafts, { now, dueAt }),
    move: (from, moves, now) => moveAll(database, from, moves, now),
    cancel: (cancellations, now, dueAt) => cancelAll(database, auditLog, cancellations, now, dueAt),
    read: (ids) => bookings(selectByIds, [ids]),
    takeDue: (now, dueAt, limit) => bookings(takeDueBookings, [now, dueAt, limit]),
    async pushDue(ids, dueAt) {
      const rows = await database.query<{ id: number }>(pushDueBookings, [ids, dueAt]);
      return rows.map(({ id }) => id);
    },
    async postpone(state, setbacks) {
      const values = columns(
        inOrder(setbacks),
        ({ id }) => id,
        ({ dueAt }) => dueAt,
        ({ error }) => error,
      );
      await database.query(postponeBookings, [...values, numberOf(state)]);
    },
    async countOpen() {
      const rows = await database.query<Omit<OpenBookings, 'state'> & { status: number }>(countOpenBookings);
      return rows.map(({ status, ...counted }) => ({ state: named(status), ...counted }));
    },
    listOf: (personId, { after, limit }, eventId) =>
      bookings(selectByPerson, [personId, after, limit, eventId ?? null]),
    get: (id) => findBooking(database, id),
  };
}

async function moveAll(
  sql: Sql,
  from: Status,
  moves: readonly Move<Status, Booking, StepReply>[],
  now: Date,
): Promise<Booking[]> {
  const ordered = moves.toSorted((a, b) => a.item.id - b.item.id);
  const values = columns(
    ordered,
    ({ item }) => item.id,
    ({ to }) => numberOf(to),
    ({ answer }) => (answer.accepted ? (answer.price ?? null) : null),
    ({ answer }) => (answer.accepted ? null : answer.reason),
  );
  const rows = await sql.query<{ id: number }>(moveBookings[from], [...values, now]);
  const moved = new Set(rows.map(({ id }) => id));
  return ordered.filter(({ item }) => moved.has(item.id)).map(movedOn);
}

/** The booking as the statement wrote it, without reading it back. */
function movedOn({ item, to, answer }: Move<Status, Booking, StepReply>): Booking {
  const { id, personId, eventId, price, reason, expectedPrice, byHand } = item;
  const asked = { ...(expectedPrice !== undefined && { expectedPrice }), ...(byHand && { byHand }) };
  const own = { id, personId, eventId, state: to, attempts: 0, ...asked };
  if (answer.accepted) return { ...own, price: answer.price ?? price, reason };
  return { ...own, price, reason: reason ?? answer.reason };
}

async function cancelAll(
  database: Database,
  auditLog: OutboxWriter<AuditEntry>,
  cancellations: readonly Cancellation[],
  now: Date,
  dueAt: Date,
): Promise<Booking[]> {
  const values = columns(
    inOrder(cancellations),
    ({ id }) => id,
    ({ reason }) => reason,
  );
  const cancel = async (sql: Sql) =>
    (await sql.query<BookingRow>(cancelBookings, [...values, now, dueAt])).map(bookingOf);
  // No person cancels the thousands of bookings of a canceled event, so no audit log entry is needed: one statement
  // does it, without a transaction.
  if (cancellations.every(({ by }) => by === undefined)) return cancel(database);
  return database.transaction(async (sql) => {
    const canceled = await cancel(sql);
    await auditLog.write(sql, auditEntriesOf(canceled, cancellations));
    return canceled;
  });
}

/** Audit log entries for the bookings that a person canceled. */
function auditEntriesOf(canceled: readonly Booking[], cancellations: readonly Cancellation[]): AuditEntry[] {
  const canceledBy = new Map(cancellations.map(({ id, by }) => [id, by]));
  return canceled.flatMap(({ id, eventId, personId }) => {
    const by = canceledBy.get(id);
    const details = { booking_id: id, event_id: eventId };
    return by === undefined ? [] : [{ action: 'booking_canceled' as const, by, to: personId, details }];
  });
}

/** Statements lock their rows in the order of the ids, so two batches with the same bookings cannot deadlock. */
function inOrder<Item extends { readonly id: number }>(batch: readonly Item[]): Item[] {
  return batch.toSorted((a, b) => a.id - b.id);
}
