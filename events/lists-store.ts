import type { When } from '../contracts/events/schemas.ts';
import type { Sql } from '../platform/database/database.ts';
import type { Page } from '../platform/http/pagination.ts';
import { type Event, eventColumns, schema } from './schema.ts';

/** The filters of a list of events. An absent one lets all events through. */
export interface ListFilter {
  readonly organizerId?: number | undefined;
  readonly when?: When | undefined;
  readonly ids?: readonly number[] | undefined;
  /** Divides the events to come from those that have started. */
  readonly now: Date;
}

/** Each list has a statement, and so a plan, of its own. */
const listed = (conditions = '') => `
select ${eventColumns}
  from ${schema}.event as e
 where e.id > $1
   ${conditions}
 order by e.id
 limit $2`;

const selectAll = listed();
const selectPast = listed('and e.starts_at <= $3');

// Most events are over at some time, and this list reads none of them: `materialized` makes the planner find the events
// to come by their start instead of along the primary key, and `lateral` makes it look up each event of the page.
const selectUpcoming = `
  with to_come as materialized (
         select id from ${schema}.event where starts_at > $3
          union all
         select id from ${schema}.event where starts_at is null)
select ${eventColumns}
  from (select id from to_come where id > $1 order by id limit $2) as listed
 cross join lateral (select * from ${schema}.event where id = listed.id limit 1) as e
 order by e.id`;

const selectAllOf = listed('and e.organizer_id = $3');
const selectUpcomingOf = listed('and e.organizer_id = $3 and (e.starts_at is null or e.starts_at > $4)');
const selectPastOf = listed('and e.organizer_id = $3 and e.starts_at <= $4');

// The ids are few, so the other filters need no index.
const selectByIds = listed(
  `and e.id = any($3::bigint[])
   and ($4::bigint is null or e.organizer_id = $4)
   and ($5::boolean is null or coalesce(e.starts_at <= $6, false) = $5)`,
);

/** Reads a page of events, in the order of ids. */
export function readList(sql: Sql, { after, limit }: Page, filter: ListFilter): Promise<Event[]> {
  const { organizerId, when, ids, now } = filter;
  const read = (statement: string, ...values: readonly unknown[]) =>
    sql.query<Event>(statement, [after, limit, ...values]);
  if (ids !== undefined) return read(selectByIds, ids, organizerId ?? null, when ? when === 'past' : null, now);
  if (organizerId === undefined) {
    if (when === undefined) return read(selectAll);
    return read(when === 'past' ? selectPast : selectUpcoming, now);
  }
  if (when === undefined) return read(selectAllOf, organizerId);
  return read(when === 'past' ? selectPastOf : selectUpcomingOf, organizerId, now);
}
