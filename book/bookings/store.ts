import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Reason, Reply } from '../../contracts/step.ts';
import { columns, type Database, type Sql } from '../../platform/database/database.ts';
import { Contradiction } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { storeOnce } from '../../platform/idempotency/batch-insert.ts';
import { AnswerTable } from '../../platform/idempotency/store.ts';
import { type Notes, unread } from '../../platform/outbox.ts';
import type { Cancellation, Instance, Move, SagaStore } from '../../saga/coordinator/store.ts';
import { registration, type Status } from '../registration.ts';
import { bookingColumns, numberOf, schema } from '../schema.ts';
import { cancelBookings, moveBookings } from './transitions-store.ts';

/**
 * The answers to writes with an idempotency key. Of one that makes or cancels a booking it is the booking's id, and never
 * a refusal: the key stands for the booking.
 */
export const idempotencyStore = new AnswerTable(schema);

/** A booking: one person's request for one slot, and the saga that answers it. */
export interface Booking extends Instance<Status> {
  readonly personId: number;
  readonly eventId: number;
  /** Known from the moment a slot was granted. */
  readonly price: number | null;
  readonly reason: Reason | null;
  readonly openSince?: Date;
  readonly cameFrom?: Status;
}

/** A booking with all there is to know of it. */
export interface FullBooking {
  readonly booking: Booking;
  readonly history: History;
  /** Drawn when it was complete. */
  readonly ticketCode: string | null;
  readonly checkedInAt: Date | null;
  /** The number of the transaction that wrote it so: 32 bits that go round. */
  readonly version: number;
}

/** When a booking reached each state it went through. */
export type History = Readonly<Partial<Record<Status, Date>>>;

export interface BookingDraft {
  readonly personId: number;
  readonly eventId: number;
  /** The idempotency key that it was sent with: of several drafts with the same key one is stored. */
  readonly keyed?: Keyed;
}

/** What the participants answer to a booking's steps: an occupy tells the price. */
export type StepReply = Reply<{ readonly price?: number }>;

/** The open bookings of one state. */
export interface OpenBookings {
  readonly state: Status;
  readonly count: number;
  /** How many of them failed by themselves the last time. */
  readonly stuck: number;
  /** Since when the oldest of them is open. */
  readonly since: Date;
}

export interface BookStore extends SagaStore<Status, Booking, BookingDraft, StepReply> {
  listOf(personId: number, page: Page): Promise<Booking[]>;
  get(id: number): Promise<FullBooking | undefined>;
  /** Counts what is open, whoever runs it; a state without any is left out. */
  countOpen(): Promise<OpenBookings[]>;
}

const { states, named } = registration;

const insertBookings = `
insert into ${schema}.booking as b (person_id, event_id, status, ${registration.first}_at, due_at)
select person_id, event_id, ${numberOf(registration.first)}, $3, $4
  from unnest($1::bigint[], $2::bigint[]) with ordinality as t (person_id, event_id, place)
 order by place
returning b.id, b.person_id as "personId", b.event_id as "eventId"`;

// Of this transaction's own bookings those whose key stands for another one: nobody has ever seen them.
const takeBackBookings = `
delete from ${schema}.booking
 where id = any($1::bigint[])`;

const selectByIds = `
select ${bookingColumns}
  from ${schema}.booking as b
 where b.id = any($1::bigint[])`;

const selectByPerson = `
select ${bookingColumns}
  from ${schema}.booking as b
 where b.person_id = $1
   and b.id > $2
 order by b.id
 limit $3`;

/** All there is to know of a booking; `version` is the number of the transaction that wrote it so, going round. */
export const fullColumns = `${bookingColumns}, ${states.map((status) => `b.${status}_at as "${status}At"`).join(', ')},
       b.ticket_code as "ticketCode", b.checked_in_at as "checkedInAt", b.xmin::text::bigint as version`;

const selectFull = `
select ${fullColumns}
  from ${schema}.booking as b
 where b.id = $1`;

// An array, not a join: it is worked out once, so that no more rows are locked than are taken.
const takeDueBookings = `
update ${schema}.booking as b
   set due_at = $2
 where b.id = any (array (select id
                            from ${schema}.booking
                           where due_at <= $1
                           order by due_at
                           limit $3
                             for update skip locked))
returning ${bookingColumns}, coalesce(b.refunding_at, b.occupying_at) as "openSince"`;

// What someone has locked is being worked on, and is not waited for: it is not among the ids that come back, so that its
// lease is renewed the next time.
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

// Along the index of what is due, which holds the open bookings alone: settled ones cost nothing, however many.
const countOpenBookings = `
select status,
       count(*) as count,
       count(*) filter (where attempts > 0) as stuck,
       min(coalesce(refunding_at, occupying_at)) as since
  from ${schema}.booking
 where due_at is not null
 group by status`;

export interface BookingRow extends Omit<Booking, 'state' | 'cameFrom'> {
  readonly status: number;
  readonly was?: number;
}

function bookingOf({ id, personId, eventId, price, status, reason, attempts, openSince, was }: BookingRow): Booking {
  const booking = { id, personId, eventId, price, reason, attempts, state: named(status) };
  if (openSince !== undefined) return { ...booking, openSince };
  return was === undefined ? booking : { ...booking, cameFrom: named(was) };
}

export type FullRow = BookingRow & Pick<FullBooking, 'ticketCode' | 'checkedInAt' | 'version'> & Moments;
type Moments = Readonly<Record<`${Status}At`, Date | null>>;

export function fullOf(row: FullRow): FullBooking {
  const moments = states.flatMap((status) => {
    const at = row[`${status}At`];
    return at ? [[status, at] as const] : [];
  });
  moments.sort(([, a], [, b]) => a.getTime() - b.getTime());
  const { ticketCode, checkedInAt, version } = row;
  return { booking: bookingOf(row), history: Object.fromEntries(moments), ticketCode, checkedInAt, version };
}

/** All there is to know of a booking; nothing where there is none. */
export async function findBooking(sql: Sql, id: number): Promise<FullBooking | undefined> {
  const [row] = await sql.query<FullRow>(selectFull, [id]);
  return row && fullOf(row);
}

/** Two sets that change the same bookings do so in the same order, and never wait in a circle. */
function inOrder<Item extends { readonly id: number }>(set: readonly Item[]): Item[] {
  return set.toSorted((a, b) => a.id - b.id);
}

/** A booking after its move: what the statement wrote, without reading it back. */
function movedOn({ item, to, answer }: Move<Status, Booking, StepReply>): Booking {
  const { id, personId, eventId, price, reason } = item;
  const own = { id, personId, eventId, state: to, attempts: 0 };
  if (answer.accepted) return { ...own, price: answer.price ?? price, reason };
  return { ...own, price, reason: reason ?? answer.reason };
}

/** Stores drafts, and answers the bookings in the same order. */
async function insertAll(sql: Sql, drafts: readonly BookingDraft[], now: Date, dueAt: Date): Promise<Booking[]> {
  const values = columns(
    drafts,
    (draft) => draft.personId,
    (draft) => draft.eventId,
  );
  const rows = await sql.query<Pick<Booking, 'id' | 'personId' | 'eventId'>>(insertBookings, [...values, now, dueAt]);
  const fresh = { price: null, reason: null, attempts: 0, state: registration.first };
  const stored = rows.map(({ id, personId, eventId }) => ({ id, personId, eventId, ...fresh }));
  for (const [index, { personId, eventId }] of drafts.entries()) {
    if (stored[index]?.personId === personId && stored[index]?.eventId === eventId) continue;
    throw new Contradiction('bookings were stored in another order than they were given');
  }
  return stored;
}

/** What a person did by canceling a booking; nothing when it was the program. */
function actsOf(canceled: readonly Booking[], cancellations: readonly Cancellation[]): AuditEntry[] {
  const whose = new Map(cancellations.map(({ id, by }) => [id, by]));
  return canceled.flatMap(({ id, eventId, personId }) => {
    const by = whose.get(id);
    const details = { booking_id: id, event_id: eventId };
    return by === undefined ? [] : [{ action: 'booking_canceled' as const, by, to: personId, details }];
  });
}

export function createBookStore(database: Database, notes: Notes<AuditEntry> = unread): BookStore {
  const bookings = async (text: string, values: readonly unknown[], sql: Sql = database) =>
    (await sql.query<BookingRow>(text, values)).map(bookingOf);
  return {
    insert(drafts, now, dueAt) {
      if (drafts.every(({ keyed }) => keyed === undefined)) return insertAll(database, drafts, now, dueAt);
      return database.transaction((sql) =>
        storeOnce(
          sql,
          idempotencyStore,
          { set: drafts, now },
          {
            insert: (fresh) => insertAll(sql, fresh, now, dueAt),
            takeBack: (own) => sql.query(takeBackBookings, [own.map(({ id }) => id)]),
            answerOf: ({ id }) => `${id}`,
          },
        ),
      );
    },
    async move(from, moves, now) {
      const ordered = moves.toSorted((a, b) => a.item.id - b.item.id);
      const values = columns(
        ordered,
        ({ item }) => item.id,
        ({ to }) => numberOf(to),
        ({ answer }) => (answer.accepted ? (answer.price ?? null) : null),
        ({ answer }) => (answer.accepted ? null : answer.reason),
      );
      const rows = await database.query<{ id: number }>(moveBookings[from], [...values, now]);
      const moved = new Set(rows.map(({ id }) => id));
      return ordered.filter(({ item }) => moved.has(item.id)).map(movedOn);
    },
    cancel(cancellations, now, dueAt) {
      const values = columns(
        inOrder(cancellations),
        ({ id }) => id,
        ({ reason }) => reason,
      );
      const cancel = (sql: Sql) => bookings(cancelBookings, [...values, now, dueAt], sql);
      // One statement where nothing is to be noted: a canceled event cancels its bookings by the thousand.
      if (cancellations.every(({ by }) => by === undefined)) return cancel(database);
      return database.transaction(async (sql) => {
        const canceled = await cancel(sql);
        await notes.write(sql, actsOf(canceled, cancellations));
        return canceled;
      });
    },
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
    listOf: (personId, { after, limit }) => bookings(selectByPerson, [personId, after, limit]),
    get: (id) => findBooking(database, id),
  };
}
