import { fileURLToPath } from 'node:url';
import type { HeldPage } from '../contracts/events.ts';
import type { Reason, StepRequest } from '../contracts/reply.ts';
import type { Act } from '../contracts/trail.ts';
import { AnswerTable, answerOnce } from '../kit/answers.ts';
import { columns, type Database, type Sql } from '../kit/db.ts';
import type { Keyed } from '../kit/idempotency.ts';
import type { Migrations } from '../kit/migrate.ts';
import { type Notes, unread } from '../kit/outbox.ts';
import type { Page } from '../kit/page.ts';
import type { EventFields } from './changes.ts';
import { holderOf, type Offer, type SlotRecord } from './slots.ts';

const schema = 'events';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** The answers to writes with an idempotency key. */
export const answers = new AnswerTable(schema);

/** An event as it is stored. */
export interface Event extends EventFields {
  readonly id: number;
  readonly takenSlots: number;
  readonly organizerId: number;
  readonly createdAt: Date;
  /** When it was canceled, and how many slots were taken then. */
  readonly canceledAt: Date | null;
  readonly takenAtCancel: number | null;
}

/** What an event is made of: whatever it may go without is left out or null. */
export type EventDraft = Pick<Event, 'name' | 'price' | 'totalSlots' | 'organizerId'> & Partial<EventFields>;

const eventColumns = `e.id, e.name, e.price, e.total_slots as "totalSlots", e.taken_slots as "takenSlots",
       e.organizer_id as "organizerId", e.created_at as "createdAt",
       e.canceled_at as "canceledAt", e.taken_at_cancel as "takenAtCancel",
       e.starts_at as "startsAt", e.venue, e.description, e.sale_opens_at as "saleOpensAt",
       e.max_per_person as "maxPerPerson", e.cancel_until as "cancelUntil"`;

const fieldColumns = `name, price, total_slots, starts_at, venue, description, sale_opens_at, max_per_person, cancel_until`;

const fieldsOf = (fields: Partial<EventFields>) => [
  fields.name,
  fields.price,
  fields.totalSlots,
  fields.startsAt ?? null,
  fields.venue ?? null,
  fields.description ?? null,
  fields.saleOpensAt ?? null,
  fields.maxPerPerson ?? null,
  fields.cancelUntil ?? null,
];

const insertEvent = `
insert into ${schema}.event as e (${fieldColumns}, organizer_id, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning ${eventColumns}`;

const selectEvents = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id > $1
 order by e.id
 limit $2`;

const selectEventsOf = `
select ${eventColumns}
  from ${schema}.event as e
 where e.organizer_id = $3
   and e.id > $1
 order by e.id
 limit $2`;

const selectByIds = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id = any($1::bigint[])`;

// What was written since, of the events that are watched. Every transaction below `upto` is seen by this statement, so
// the next one begins there: a row that is written by a later one carries its number (xmin). No column is kept for it,
// no index and no trigger, so that a sale costs what it did. `age` compares numbers that go round.
const selectChanged = `
select s.upto, e.*
  from (select pg_snapshot_xmin(pg_current_snapshot())::text as upto) as s
  left join lateral (
         select ${eventColumns}, e.xmin::text::bigint as version, n.id is not null as "isNewest"
           from ${schema}.event as e
           left join (select id from ${schema}.event order by id desc limit $3) as n on n.id = e.id
          where (n.id is not null or e.id = any($1::bigint[]))
            and ($4::text is null or e.id = any($2::bigint[]) or age(e.xmin) <= age($4::xid8::xid))) as e on true
 order by e.id`;

// Under the lock that every occupy takes: no slot is taken between the decision and what it writes.
const lockEvent = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id = $1
   for update`;

const updateEvent = `
update ${schema}.event as e
   set (${fieldColumns})
     = ($2, $3, $4, $5, $6, $7, $8, $9, $10)
 where e.id = $1
   and e.canceled_at is null
returning ${eventColumns}`;

// Under the row's lock, as every occupy is: what was granted before is counted, and nothing is granted after.
const cancelEvent = `
update ${schema}.event as e
   set canceled_at = coalesce(e.canceled_at, $2), taken_at_cancel = coalesce(e.taken_at_cancel, e.taken_slots)
 where e.id = $1
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
       canceled_at is not null as "isCanceled", sale_opens_at as "saleOpensAt", max_per_person as "maxPerPerson"
  from ${schema}.event
 where id = any($1::bigint[])
 order by id
   for update`;

// A statement of its own after the lock, never part of it: only a new statement sees what the lock's last holder wrote.
const selectRecords = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, price, reason
  from ${schema}.slot
 where booking_id = any($1::bigint[])`;

// Along an index of its own, and under the lock of the events, so that what the last set was granted is counted.
const countHeld = `
select s.event_id as "eventId", s.person_id as "personId", count(*) as held
  from unnest($1::bigint[], $2::bigint[]) as t (event_id, person_id)
  join ${schema}.slot as s on s.event_id = t.event_id and s.person_id = t.person_id
 where s.state = 'granted'
 group by s.event_id, s.person_id`;

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

/** What the rules ask of the tables inside one transaction. An empty set costs no statement. */
export interface SlotTables {
  /** Locks the events of a set, and reads them. Events that do not exist are left out. */
  lockOffers(requests: readonly StepRequest[]): Promise<Map<number, Offer>>;
  /** Reads the recorded answers of a set; to be asked only after the lock of its events. */
  readRecords(requests: readonly StepRequest[]): Promise<Map<number, SlotRecord>>;
  /**
   * Counts the slots that the people of a set hold at its events, by `holderOf`; to be called only when those are locked.
   */
  countHeld(requests: readonly StepRequest[]): Promise<Map<string, number>>;
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
  /** Changes an event to what is decided under its lock; nothing where there is none. @throws what `decide` throws. */
  change(id: number, decide: (event: Event) => EventFields): Promise<Event | undefined>;
  /** Cancels an event, once: asked again it answers the event as it stands. */
  cancel(id: number, now: Date): Promise<Event | undefined>;
  /** Notes for the audit trail what was done in this transaction. */
  note(act: Act): Promise<void>;
}

/** Which events are watched, and since when nobody has looked at them. */
export interface Watched {
  readonly ids: readonly number[];
  /** Those of them that are to be read whether they changed or not. */
  readonly fresh: readonly number[];
  /** How many of the newest events are watched besides. */
  readonly newest: number;
  /** The `upto` of the last look; without it all that is watched is read. */
  readonly since: string | undefined;
}

/** An event that was changed. `version` is the number of the transaction that did, 32 bits that go round. */
export interface ChangedEvent extends Event {
  readonly version: number;
  readonly isNewest: boolean;
}

export interface EventsStore extends Omit<EventTables, 'change' | 'note'> {
  /** Carries out a write, or gives the answer again that it was given before under the same idempotency key. */
  once<Answer>(
    asked: { readonly keyed: Keyed | undefined; readonly now: Date },
    write: (tables: EventTables) => Promise<Answer>,
  ): Promise<Answer>;
  /** A page of all events, or of one organizer's. */
  list(page: Page, organizerId?: number): Promise<Event[]>;
  /** In any order; those that do not exist are left out. */
  read(ids: readonly number[]): Promise<Event[]>;
  /** Reads what was changed since the last look. */
  changed(watched: Watched): Promise<{ readonly upto: string; readonly events: ChangedEvent[] }>;
  heldAtCanceled(page: HeldPage): Promise<StepRequest[]>;
  transaction<Result>(work: (tables: SlotTables) => Promise<Result>): Promise<Result>;
}

export function createEventsStore(database: Database, notes: Notes<Act> = unread): EventsStore {
  return {
    ...eventTables(database),
    once: (asked, write) =>
      answerOnce(database, answers, asked, (sql) =>
        write({ ...eventTables(sql), note: (act) => notes.write(sql, [act]) }),
      ),
    list: ({ after, limit }, organizerId) =>
      organizerId === undefined
        ? database.query<Event>(selectEvents, [after, limit])
        : database.query<Event>(selectEventsOf, [after, limit, organizerId]),
    read: (ids) => database.query<Event>(selectByIds, [ids]),
    async changed({ ids, fresh, newest, since }) {
      const values = [ids, fresh, newest, since ?? null];
      const rows = await database.query<ChangedEvent & { upto: string; id: number | null }>(selectChanged, values);
      return { upto: rows[0]?.upto ?? '0', events: rows.filter(({ id }) => id !== null) };
    },
    heldAtCanceled: ({ afterEventId, afterBookingId, limit }) =>
      database.query<StepRequest>(selectHeldAtCanceled, [afterEventId, afterBookingId, limit]),
    transaction: (work) => database.transaction((sql) => work(slotTables(sql))),
  };
}

function eventTables(sql: Sql): Omit<EventTables, 'note'> {
  return {
    async create({ organizerId, ...fields }, now) {
      const [event] = await sql.query<Event>(insertEvent, [...fieldsOf(fields), organizerId, now]);
      return event as Event;
    },
    async get(id) {
      const [event] = await sql.query<Event>(selectByIds, [[id]]);
      return event;
    },
    async change(id, decide) {
      const [event] = await sql.query<Event>(lockEvent, [id]);
      if (event === undefined) return undefined;
      const [changed] = await sql.query<Event>(updateEvent, [id, ...fieldsOf(decide(event))]);
      return changed;
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
    async countHeld(requests) {
      if (requests.length === 0) return new Map();
      // Each once: a pair that stood twice would be counted twice.
      const holders = [...new Map(requests.map((request) => [holderOf(request), request])).values()];
      const pairs = columns(
        holders,
        ({ eventId }) => eventId,
        ({ personId }) => personId,
      );
      const rows = await sql.query<StepRequest & { held: number }>(countHeld, pairs);
      return new Map(rows.map((row) => [holderOf(row), row.held]));
    },
    async insertRecords(records, now) {
      if (records.length === 0) return 0;
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
      if (requests.length === 0) return 0;
      return (await sql.query(releaseRecords, [requests.map(({ bookingId }) => bookingId), now])).length;
    },
    async count(requests, by) {
      if (requests.length === 0) return;
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
