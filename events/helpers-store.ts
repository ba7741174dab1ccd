import type { Access, Helper } from '../contracts/events/access.ts';
import type { Sql } from '../platform/database/database.ts';
import type { Page } from '../platform/http/pagination.ts';
import { type Event, eventColumns, schema } from './schema.ts';

const selectHelpers = `
select event_id as "eventId", person_id as "personId", access
  from ${schema}.helper
 where event_id = any($1::bigint[])
 order by event_id, added_at, person_id`;

const upsertHelper = `
insert into ${schema}.helper (event_id, person_id, access, added_at)
values ($1, $2, $3, $4)
    on conflict (event_id, person_id) do update set access = excluded.access
returning person_id`;

const deleteHelper = `
delete from ${schema}.helper
 where event_id = $1
   and person_id = $2
returning person_id`;

const updateOrganizer = `
update ${schema}.event
   set organizer_id = $2
 where id = $1`;

// Each half of the union uses an index.
const selectOwn = `
select ${eventColumns}
  from ${schema}.event as e
 where e.id in (select id from ${schema}.event where organizer_id = $1 and id > $2
                 union
                select event_id from ${schema}.helper where person_id = $1 and event_id > $2)
 order by e.id
 limit $3`;

/** The helpers of events, in one transaction. */
export interface HelperTables {
  /** The helpers of each event, in the order in which they were added. Events without helpers are left out. */
  helpersOf(eventIds: readonly number[]): Promise<Map<number, Helper[]>>;
  setHelper(eventId: number, personId: number, access: Access, now: Date): Promise<void>;
  /** @returns whether the person was a helper. */
  removeHelper(eventId: number, personId: number): Promise<boolean>;
  /** Hands an event over. The event must be locked. */
  handOver(eventId: number, to: number): Promise<void>;
  /** A page of the events that a person organizes or helps with. */
  ownEvents(personId: number, page: Page): Promise<Event[]>;
}

export function helperTables(sql: Sql): HelperTables {
  return {
    async helpersOf(eventIds) {
      const rows = await sql.query<Helper & { eventId: number }>(selectHelpers, [eventIds]);
      const helpers = new Map<number, Helper[]>();
      for (const { eventId, ...helper } of rows) helpers.set(eventId, [...(helpers.get(eventId) ?? []), helper]);
      return helpers;
    },
    async setHelper(eventId, personId, access, now) {
      await sql.query(upsertHelper, [eventId, personId, access, now]);
    },
    async removeHelper(eventId, personId) {
      return (await sql.query(deleteHelper, [eventId, personId])).length > 0;
    },
    async handOver(eventId, to) {
      await sql.query(updateOrganizer, [eventId, to]);
    },
    ownEvents: (personId, { after, limit }) => sql.query<Event>(selectOwn, [personId, after, limit]),
  };
}
