import type { Reason, StepRequest } from '../contracts/step.ts';
import { columns, type Sql } from '../platform/database/database.ts';
import { conflictOnDuplicate } from '../platform/database/transaction.ts';
import { schema } from './schema.ts';
import { holderOf, type Offer, type SlotRecord } from './slots.ts';

// Locks events in id order, not in batch order, so two batches with the same events cannot deadlock.
const lockEvents = `
select id as "eventId", price, total_slots as "totalSlots", taken_slots as "takenSlots",
       canceled_at is not null as "isCanceled", sale_opens_at as "saleOpensAt", sale_closes_at as "saleClosesAt",
       starts_at as "startsAt", max_per_person as "maxPerPerson"
  from ${schema}.event
 where id = any($1::bigint[])
 order by id
   for update`;

// Runs as a separate statement after the lock: only a new snapshot sees what the previous holder of the lock wrote.
const selectRecords = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, price, reason
  from ${schema}.slot
 where booking_id = any($1::bigint[])`;

// Runs while the events are locked, so it counts the slots granted to the previous batch. `lateral` forces one index
// lookup for each person and event, instead of a scan of all held slots.
const countHeld = `
select t.event_id as "eventId", t.person_id as "personId", own.held
  from unnest($1::bigint[], $2::bigint[]) as t (event_id, person_id)
 cross join lateral (select count(*) as held
                       from ${schema}.slot
                      where event_id = t.event_id
                        and person_id = t.person_id
                        and state = 'granted') as own`;

// Two requests for one booking at an unknown event hold no common lock, so the primary key decides which is first. Rows
// are inserted in id order, so two such batches cannot deadlock.
const insertRecords = `
insert into ${schema}.slot (booking_id, event_id, person_id, state, price, reason, decided_at)
select booking_id, event_id, person_id, state, price, reason, $7
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
    as t (booking_id, event_id, person_id, state, price, reason)
 order by booking_id`;

// The expression `state || ''` matches no index on purpose: otherwise a plan made while few slots were held would keep
// scanning the index of all held slots (slot_held), however large that has become.
const releaseRecords = `
update ${schema}.slot
   set state = 'released', decided_at = $2
 where booking_id = any($1::bigint[])
   and state || '' = 'granted'
returning booking_id`;

const addTaken = `
update ${schema}.event as e
   set taken_slots = e.taken_slots + t.added
  from unnest($1::bigint[], $2::integer[]) as t (event_id, added)
 where e.id = t.event_id`;

/** Access to the tables in one transaction. An empty batch runs no statement. */
export interface SlotTables {
  /** Locks and reads the events of a batch. Unknown events are left out. */
  lockOffers(requests: readonly StepRequest[]): Promise<Map<number, Offer>>;
  /** Reads the recorded replies of a batch. Its events must be locked. */
  readRecords(requests: readonly StepRequest[]): Promise<Map<number, SlotRecord>>;
  /** Counts the slots that each person of a batch holds at the requested event, by `holderOf`. Lock the events first. */
  countHeld(requests: readonly StepRequest[]): Promise<Map<string, number>>;
  /** Stores replies. @throws WriteConflict when one was stored concurrently. */
  insertRecords(records: readonly SlotRecord[], now: Date): Promise<void>;
  /** Marks granted slots as released. @returns how many were marked. */
  releaseRecords(requests: readonly StepRequest[], now: Date): Promise<number>;
  /** Adds `by` to the event's counter of taken slots, once for each request. */
  count(requests: readonly StepRequest[], by: 1 | -1): Promise<void>;
}

export function slotTables(sql: Sql): SlotTables {
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
      // Duplicates are removed: a repeated pair would be counted twice.
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
      if (records.length === 0) return;
      const values = columns(
        records as readonly Partial<RecordRow>[],
        (row) => row.bookingId,
        (row) => row.eventId,
        (row) => row.personId,
        (row) => row.state,
        (row) => row.price ?? null,
        (row) => row.reason ?? null,
      );
      await conflictOnDuplicate(sql.query(insertRecords, [...values, now]));
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
