import type { AuditEntry } from '../contracts/auth/audit.ts';
import type { HeldPage } from '../contracts/events/calls.ts';
import type { StepRequest } from '../contracts/step.ts';
import type { Database, Sql } from '../platform/database/database.ts';
import type { Committing } from '../platform/database/transaction.ts';
import type { Keyed } from '../platform/http/idempotency-key.ts';
import type { Page } from '../platform/http/pagination.ts';
import { runOnce } from '../platform/idempotency/run-once.ts';
import { IdempotencyStore } from '../platform/idempotency/store.ts';
import { discardMessages, type OutboxWriter } from '../platform/outbox.ts';
import type { EventFields, Revised } from './edits.ts';
import { type HelperTables, helperTables } from './helpers-store.ts';
import { type ListFilter, readList } from './lists-store.ts';
import { type Changed, readChanged, type Watched } from './live-store.ts';
import { type Event, eventColumns, schema } from './schema.ts';
import { type SlotTables, slotTables } from './slots-store.ts';

export { type Event, migrations } from './schema.ts';

/** The stored responses to writes with an idempotency key. */
export const idempotencyStore = new IdempotencyStore(schema);

/** An event about to be created. Optional fields are absent or null. */
export type EventDraft = Pick<Event, 'name' | 'price' | 'totalSlots' | 'organizerId'> & Partial<EventFields>;

const fieldColumns = `name, price, total_slots, starts_at, venue, description, sale_opens_at, max_per_person, cancel_until,
       sale_closes_at, time_zone`;

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
  fields.saleClosesAt ?? null,
  fields.timeZone ?? null,
];

const insertEvent = `
insert into ${schema}.event as e (${fieldColumns}, organizer_id, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
returning ${eventColumns}`;

const selectByIds = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id = any($1::bigint[])`;

// Every occupy takes the same lock, so no slot is taken between a decision and its write.
const lockEvent = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id = $1
   for update`;

const updateEvent = `
update ${schema}.event as e
   set (${fieldColumns}, revision, changed_at, moved_at, earlier_terms)
     = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb)
 where e.id = $1
   and e.canceled_at is null
returning ${eventColumns}`;

// Every occupy locks the same row: slots granted before the cancellation are counted, and none is granted after it.
const cancelEvent = `
update ${schema}.event as e
   set revision = e.revision + case when e.canceled_at is null then 1 else 0 end,
       changed_at = case when e.canceled_at is null then $2 else e.changed_at end,
       canceled_at = coalesce(e.canceled_at, $2),
       taken_at_cancel = coalesce(e.taken_at_cancel, e.taken_slots)
 where e.id = $1
returning ${eventColumns}`;

// Each process of book runs this query every second, mostly without a result. `lateral` and the inner limit make the
// planner read each canceled event along the index of granted slots, at most `$3` of them; the slots of other events
// are never read.
const selectHeldAtCanceled = `
select s.booking_id as "bookingId", e.id as "eventId", s.person_id as "personId"
  from ${schema}.event as e
 cross join lateral (select booking_id, person_id
                       from ${schema}.slot
                      where event_id = e.id
                        and state = 'granted'
                        and booking_id > case when e.id = $1 then $2::bigint else 0 end
                      order by booking_id
                      limit $3) as s
 where e.canceled_at is not null
   and e.taken_slots > 0
   and e.id >= $1
 order by e.id, s.booking_id
 limit $3`;

/** Access to the tables in the transaction of a write. */
export interface EventTables extends HelperTables {
  create(draft: EventDraft, now: Date): Promise<Event>;
  get(id: number): Promise<Event | undefined>;
  /** Reads an event and locks it until the transaction ends. */
  lock(id: number): Promise<Event | undefined>;
  /** Changes an event, which must be locked and not canceled. */
  update(id: number, fields: EventFields & Revised): Promise<Event>;
  /** Cancels an event, unless it is canceled already. @returns the event; undefined for an unknown one. */
  cancel(id: number, now: Date): Promise<Event | undefined>;
  /** Appends to the audit log, in this transaction. */
  audit(entry: AuditEntry): Promise<void>;
}

export interface EventsStore extends Omit<EventTables, 'lock' | 'update' | 'audit'> {
  /** Carries out a write once for each idempotency key; a repeated request gets the stored response. */
  once<Answer>(
    asked: { readonly keyed: Keyed | undefined; readonly now: Date },
    write: (tables: EventTables) => Promise<Answer>,
  ): Promise<Answer>;
  list(page: Page, filter: ListFilter): Promise<Event[]>;
  /** Reads events, in any order; unknown ids are left out. */
  read(ids: readonly number[]): Promise<Event[]>;
  changed(watched: Watched): Promise<Changed>;
  heldAtCanceled(page: HeldPage): Promise<StepRequest[]>;
  transaction<Result>(work: (tables: SlotTables) => Promise<Result | Committing<Result>>): Promise<Result>;
}

export function createEventsStore(
  database: Database,
  auditLog: OutboxWriter<AuditEntry> = discardMessages,
): EventsStore {
  return {
    ...eventTables(database),
    once: (asked, write) =>
      runOnce(database, idempotencyStore, asked, (sql) =>
        write({ ...eventTables(sql), audit: (entry) => auditLog.write(sql, [entry]) }),
      ),
    list: (page, filter) => readList(database, page, filter),
    read: (ids) => database.query<Event>(selectByIds, [ids]),
    changed: (watched) => readChanged(database, watched),
    heldAtCanceled: ({ afterEventId, afterBookingId, limit }) =>
      database.query<StepRequest>(selectHeldAtCanceled, [afterEventId, afterBookingId, limit]),
    transaction: (work) => database.transaction((sql) => work(slotTables(sql))),
  };
}

function eventTables(sql: Sql): Omit<EventTables, 'audit'> {
  return {
    ...helperTables(sql),
    async create({ organizerId, ...fields }, now) {
      const [event] = await sql.query<Event>(insertEvent, [...fieldsOf(fields), organizerId, now]);
      return event as Event;
    },
    async get(id) {
      const [event] = await sql.query<Event>(selectByIds, [[id]]);
      return event;
    },
    async lock(id) {
      const [event] = await sql.query<Event>(lockEvent, [id]);
      return event;
    },
    async update(id, fields) {
      const { revision, changedAt, movedAt, earlierTerms } = fields;
      const terms = earlierTerms && JSON.stringify(earlierTerms);
      const values = [id, ...fieldsOf(fields), revision, changedAt, movedAt, terms];
      const [changed] = await sql.query<Event>(updateEvent, values);
      return changed as Event;
    },
    async cancel(id, now) {
      const [event] = await sql.query<Event>(cancelEvent, [id, now]);
      return event;
    },
  };
}
