import type { Sql } from '../platform/database/database.ts';
import { type Event, eventColumns, schema } from './schema.ts';

// Selects the watched events that were written since the last read. A row carries the number of the transaction that
// wrote it (xmin). This statement sees every transaction below `upto`, so the next read begins there. No extra column,
// index or trigger is needed, and a sale costs no more. `age` compares transaction numbers, which wrap around. `limit
// 1` makes the planner look up each watched event by its id: other events are never read, however many there are.
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

/** Which events to read, and where the last read ended. */
export interface Watched {
  readonly ids: readonly number[];
  /** Watched events to read even if they have not changed. */
  readonly fresh: readonly number[];
  /** The number of newest events that are watched in addition to `ids`. */
  readonly newest: number;
  /** The `upto` of the last read; without it, all watched events are read. */
  readonly since: string | undefined;
}

/** A changed event. `version` is the number of the transaction that wrote it: 32 bits that wrap around. */
export interface ChangedEvent extends Event {
  readonly version: number;
  readonly isNewest: boolean;
}

/** The changed events, and where the next read begins. */
export interface Changed {
  readonly upto: string;
  readonly events: ChangedEvent[];
}

export async function readChanged(sql: Sql, { ids, fresh, newest, since }: Watched): Promise<Changed> {
  const values = [ids, fresh, newest, since ?? null];
  const rows = await sql.query<ChangedEvent & { upto: string; id: number | null }>(selectChanged, values);
  return { upto: rows[0]?.upto ?? '0', events: rows.filter(({ id }) => id !== null) };
}
