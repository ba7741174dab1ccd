import type { Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { schema } from '../schema.ts';
import { type FullBooking, type FullRow, fullColumns, fullOf } from './store.ts';

const selectByPerson = `
select ${fullColumns}
  from ${schema}.booking as b
 where b.person_id = $1
   and b.id > $2
 order by b.id
 limit $3`;

// What was written since, of the newest bookings of people who watch; and those of them that are named, however old.
// Every transaction below `upto` is seen by this statement, so that the next one begins there. `age` compares numbers
// that go round.
const selectChanged = `
select s.upto, b.*
  from (select pg_snapshot_xmin(pg_current_snapshot())::text as upto) as s
  left join lateral (
         select ${fullColumns}
           from unnest($1::bigint[]) as p (id)
          cross join lateral (select *, xmin
                                from ${schema}.booking
                               where person_id = p.id
                               order by id desc
                               limit $2) as b
          where $3::text is null or p.id = any($4::bigint[]) or age(b.xmin) <= age($3::xid8::xid)
          union
         select ${fullColumns}
           from ${schema}.booking as b
          where b.id = any($5::bigint[]) and b.person_id = any($1::bigint[])) as b on true
 order by b.id`;

/** Whose bookings are watched, and since when nobody has looked at them. */
export interface WatchedPeople {
  readonly people: readonly number[];
  /** Those of them whose bookings are to be read whether they changed or not. */
  readonly fresh: readonly number[];
  /** How many of each person's newest bookings are watched. */
  readonly newest: number;
  readonly since: string | undefined;
  /** Bookings of theirs that are read in any case. */
  readonly ids: readonly number[];
}

export interface DetailsStore {
  listOf(personId: number, page: Page): Promise<FullBooking[]>;
  changed(watched: WatchedPeople): Promise<{ readonly upto: string; readonly bookings: FullBooking[] }>;
}

export function createDetailsStore(sql: Sql): DetailsStore {
  return {
    listOf: async (personId, { after, limit }) =>
      (await sql.query<FullRow>(selectByPerson, [personId, after, limit])).map(fullOf),
    async changed({ people, fresh, newest, since, ids }) {
      const values = [people, newest, since ?? null, fresh, ids];
      const rows = await sql.query<FullRow & { upto: string; id: number | null }>(selectChanged, values);
      return { upto: rows[0]?.upto ?? '0', bookings: rows.filter(({ id }) => id !== null).map(fullOf) };
    },
  };
}
