import { fileURLToPath } from 'node:url';
import type { HeldPage } from '../contracts/events.ts';
import type { Reason, StepRequest } from '../contracts/reply.ts';
import { AnswerTable, answerOnce } from '../kit/answers.ts';
import { columns, type Database, type Sql } from '../kit/db.ts';
import type { Keyed } from '../kit/idempotency.ts';
import type { Migrations } from '../kit/migrate.ts';
import type { Page } from '../kit/page.ts';
import type { Offer, SlotRecord } from './slots.ts';

const schema = 'events';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** The answers to writes with an idempotency key. */
export const answers = new AnswerTable(schema);

/** An event as it is stored. */
export interface Event {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly totalSlots: number;
  readonly takenSlots: number;
  readonly organizerId: number;
  readonly createdAt: Date;
  /** When it was canceled, and how many slots were taken then. */
  readonly canceledAt: Date | null;
  readonly takenAtCancel: number | null;
}

/** What an event is made of. */
export interface EventDraft {
  readonly name: string;
  readonly price: number;
  readonly totalSlots: number;
  readonly organizerId: number;
}

const eventColumns = `id, name, price, total_slots as "totalSlots", taken_slots as "takenSlots",
       organizer_id as "organizerId", created_at as "createdAt",
       canceled_at as "canceledAt", taken_at_cancel as "takenAtCancel"`;

const insertEvent = `
insert into ${schema}.event (name, price, total_slots, organizer_id, created_at)
values ($1, $2, $3, $4, $5)
returning ${eventColumns}`;

const selectEvents = `
select ${eventColumns}
  from ${schema}.event
 where id > $1
 order by id
 limit $2`;

const selectEvent = `
select ${eventColumns}
  from ${schema}.event
 where id = $1`;

// Under the row's lock, as every occupy is: what was granted before is counted, and nothing is granted after.
const cancelEvent = `
update ${schema}.event
   set canceled_at = coalesce(canceled_at, $2), taken_at_cancel = coalesce(taken_at_cancel, taken_slots)
 where id = $1
returning ${eventColumns}`;

// Read along an index on (event_id, booking_id) of the held slots, so that each page costs no more than its rows.
const selectHeldAtCanceled = `
select s.booking_id as "bookingId", s.event_id as "eventId", s.person_id as "personId"
  from ${schema}.event as e
  join ${schema}.slot as s on s.event_id = e.id
 where e.canceled_at is not null
   and e.taken_slots > 0
   and s.state = 'granted'
   and (s.event_id, s.booking_id) > ($1, $2)
 order by s.event_id, s.booking_id
 limit $3`;

// In the order of their ids, whatever the order of the set: two sets that lock the same events never wait in a circle.
const lockEvents = `
select id as "eventId", price, total_slots as "totalSlots", taken_slots as "takenSlots",
       canceled_at is not null as "isCanceled"
  from ${schema}.event
 where id = any($1::bigint[])
 order by id
   for update`;

// A statement of its own after the lock, never part of it: only a new statement sees what the lock's last holder wrote.
const selectRecords = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, price, reason
  from ${schema}.slot
 where booking_id = any($1::bigint[])`;

// Bookings of an event that does not exist share no lock; the key then decides who answers first, and whoever comes
// second gets fewer rows back than it sent. In the order of ids, so that two such sets don't wait in a circle.
const insertRecords = `
insert into ${schema}.slot (booking_id, event_id, person_id, state, price, reason, decided_at)
select booking_id, event_id, person_id, state, price, reason, $7
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
    as t (booking_id, event_id, person_id, state, price, reason)
 order by booking_id
    on conflict (booking_id) do nothing
returning booking_id`;

const releaseRecords = `
update ${schema}.slot
   set state = 'released', decided_at = $2
 where booking_id = any($1::bigint[])
   and state = 'granted'
returning booking_id`;

const addTaken = `
update ${schema}.event as e
   set taken_slots = e.taken_slots + t.added
  from unnest($1::bigint[], $2::integer[]) as t (event_id, added)
 where e.id = t.event_id`;

/** What the rules ask of the tables inside one transaction. */
export interface SlotTables {
  /** Locks the events of a set, and reads them. Events that do not exist are left out. */
  lockOffers(requests: readonly StepRequest[]): Promise<Map<number, Offer>>;
  /** Reads the recorded answers of a set; to be called only when its events are locked. */
  readRecords(requests: readonly StepRequest[]): Promise<Map<number, SlotRecord>>;
  /** Writes answers down; answers how many were really new. */
  insertRecords(records: readonly SlotRecord[], now: Date): Promise<number>;
  /** Notes that granted slots were given back; answers how many. */
  releaseRecords(requests: readonly StepRequest[], now: Date): Promise<number>;
  /** Changes the counters of the events by one for each request, up or down. */
  count(requests: readonly StepRequest[], by: 1 | -1): Promise<void>;
}

/** What a write asks of the tables inside its one transaction. */
export interface EventTables {
  create(draft: EventDraft, now: Date): Promise<Event>;
  get(id: number): Promise<Event | undefined>;
  /** Cancels an event, once: asked again it answers the event as it stands. */
  cancel(id: number, now: Date): Promise<Event | undefined>;
}

export interface EventsStore extends EventTables {
  /** Carries out a write, or gives the answer again that it was given before under the same idempotency key. */
  once<Answer>(
    asked: { readonly keyed: Keyed | undefined; readonly now: Date },
    write: (tables: EventTables) => Promise<Answer>,
  ): Promise<Answer>;
  list(page: Page): Promise<Event[]>;
  heldAtCanceled(page: HeldPage): Promise<StepRequest[]>;
  transaction<Result>(work: (tables: SlotTables) => Promise<Result>): Promise<Result>;
}

export function createEventsStore(database: Database): EventsStore {
  return {
    ...eventTables(database),
    once: (asked, write) => answerOnce(database, answers, asked, (sql) => write(eventTables(sql))),
    list: ({ after, limit }) => database.query<Event>(selectEvents, [after, limit]),
    heldAtCanceled: ({ afterEventId, afterBookingId, limit }) =>
      database.query<StepRequest>(selectHeldAtCanceled, [afterEventId, afterBookingId, limit]),
    transaction: (work) => database.transaction((sql) => work(slotTables(sql))),
  };
}

function eventTables(sql: Sql): EventTables {
  return {
    async create({ name, price, totalSlots, organizerId }, now) {
      const [event] = await sql.query<Event>(insertEvent, [name, price, totalSlots, organizerId, now]);
      return event as Event;
    },
    async get(id) {
      const [event] = await sql.query<Event>(selectEvent, [id]);
      return event;
    },
    async cancel(id, now) {
      const [event] = await sql.query<Event>(cancelEvent, [id, now]);
      return event;
    },
  };
}

function slotTables(sql: Sql): SlotTables {
  return {
    async lockOffers(requests) {
      const ids = [...new Set(requests.map(({ eventId }) => eventId))];
      const offers = await sql.query<Offer>(lockEvents, [ids]);
      return new Map(offers.map((offer) => [offer.eventId, offer]));
    },
    async readRecords(requests) {
      const rows = await sql.query<RecordRow>(selectRecords, [requests.map(({ bookingId }) => bookingId)]);
      return new Map(rows.map((row) => [row.bookingId, row as SlotRecord]));
    },
    async insertRecords(records, now) {
      const values = columns(
        records as readonly Partial<RecordRow>[],
        (row) => row.bookingId,
        (row) => row.eventId,
        (row) => row.personId,
        (row) => row.state,
        (row) => row.price ?? null,
        (row) => row.reason ?? null,
      );
      return (await sql.query(insertRecords, [...values, now])).length;
    },
    async releaseRecords(requests, now) {
      return (await sql.query(releaseRecords, [requests.map(({ bookingId }) => bookingId), now])).length;
    },
    async count(requests, by) {
      const counts = new Map<number, number>();
      for (const { eventId } of requests) counts.set(eventId, (counts.get(eventId) ?? 0) + by);
      await sql.query(addTaken, [[...counts.keys()], [...counts.values()]]);
    },
  };
}

interface RecordRow extends StepRequest {
  readonly state: SlotRecord['state'];
  readonly price: number | null;
  readonly reason: Reason | null;
}
