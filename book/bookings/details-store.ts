import type { Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { numberOf, schema } from '../schema.ts';
import { type FullBooking, type FullRow, fullBookingOf, fullColumns } from './row-schema.ts';

const selectById = `
select ${fullColumns}
  from ${schema}.booking as b
 where b.id = $1`;

const selectByPerson = `
select ${fullColumns}
  from ${schema}.booking as b
 where b.person_id = $1
   and b.id > $2
   and ($4::bigint is null or b.event_id = $4)
 order by b.id
 limit $3`;

// Selects those of the watched people's newest bookings that changed since $3, and all bookings in $5. The statement
// sees every transaction below `upto`, so the next read begins there. `age` compares transaction ids, which wrap
// around.
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

// When two requests race, the first one sets the code.
const setTicketCode = `
update ${schema}.booking as b
   set ticket_code = $2
 where b.id = $1
   and b.status = ${numberOf('complete')}
   and b.ticket_code is null
returning ${fullColumns}`;

/** Which bookings a live feed reads. */
export interface WatchedBookings {
  readonly people: readonly number[];
  /** The people whose bookings are read even if they did not change. */
  readonly fresh: readonly number[];
  /** How many of each person's newest bookings are watched. */
  readonly newest: number;
  /** `upto` of the previous read. */
  readonly since: string | undefined;
  /** Ids of bookings of `people` that are read in any case, however old they are. */
  readonly ids: readonly number[];
}

export interface DetailsStore {
  /** A page of a person's bookings: of all, or of those of one event. */
  listOf(personId: number, page: Page, eventId?: number): Promise<FullBooking[]>;
  changed(watched: WatchedBookings): Promise<{ readonly upto: string; readonly bookings: FullBooking[] }>;
  /** Sets the ticket code of a complete booking; undefined when it has one already or is not complete. */
  giveTicket(bookingId: number, code: string): Promise<FullBooking | undefined>;
}

export function createDetailsStore(sql: Sql): DetailsStore {
  return {
    listOf: async (personId, { after, limit }, eventId) =>
      (await sql.query<FullRow>(selectByPerson, [personId, after, limit, eventId ?? null])).map(fullBookingOf),
    async changed({ people, fresh, newest, since, ids }) {
      const values = [people, newest, since ?? null, fresh, ids];
      const rows = await sql.query<FullRow & { upto: string; id: number | null }>(selectChanged, values);
      return { upto: rows[0]?.upto ?? '0', bookings: rows.filter(({ id }) => id !== null).map(fullBookingOf) };
    },
    async giveTicket(bookingId, code) {
      const [row] = await sql.query<FullRow>(setTicketCode, [bookingId, code]);
      return row && fullBookingOf(row);
    },
  };
}

export async function findBooking(sql: Sql, id: number): Promise<FullBooking | undefined> {
  const [row] = await sql.query<FullRow>(selectById, [id]);
  return row && fullBookingOf(row);
}
