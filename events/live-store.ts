import type { Sql } from '../platform/database/database.ts';
import { type Event, eventColumns, schema } from './schema.ts';

// What was written since, of the events that are watched. Every transaction below `upto` is seen by this statement, so
// the next one begins there: a row that is written by a later one carries its number (xmin). No column is kept for it,
// no index and no trigger, so that a sale costs what it did. `age` compares numbers that go round. Each watched event is
// looked up by its id (`limit 1` keeps it so), whatever the planner thinks: the others are never read, however many.
const selectChanged = `
select s.upto, e.*
  from (select pg_snapshot_xmin(pg_current_snapshot())::text as upto) as s
  left join lateral (
         select ${eventColumns}, e.xmin::text::bigint as version, w."isNewest"
           from (select id, bool_or(is_newest) as "isNewest"
                   from ((select id, true as is_newest from ${schema}.event order by id desc limit $3)
                          union all
                         select id, false from unnest($1::bigint[]) as t (id)) as all_watched
                  group by id) as w
          cross join lateral (select *, xmin from ${schema}.event where id = w.id limit 1) as e
          where $4::text is null or e.id = any($2::bigint[]) or age(e.xmin) <= age($4::xid8::xid)) as e on true
 order by e.id`;

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

/** What has changed, and from where the next look begins. */
export interface Changed {
  readonly upto: string;
  readonly events: ChangedEvent[];
}

/** Reads what was changed since the last look. */
export async function readChanged(sql: Sql, { ids, fresh, newest, since }: Watched): Promise<Changed> {
  const values = [ids, fresh, newest, since ?? null];
  const rows = await sql.query<ChangedEvent & { upto: string; id: number | null }>(selectChanged, values);
  return { upto: rows[0]?.upto ?? '0', events: rows.filter(({ id }) => id !== null) };
}
