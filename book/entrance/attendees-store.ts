import type { Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { type FullBooking, type FullRow, findBooking, fullColumns, fullOf } from '../bookings/store.ts';
import { numberOf, schema } from '../schema.ts';

/** One who comes to an event: a complete booking. */
export interface Attendee {
  /** Of the booking. */
  readonly id: number;
  readonly personId: number;
  readonly price: number;
  readonly ticketCode: string | null;
  readonly completeAt: Date;
  readonly checkedInAt: Date | null;
}

const complete = numberOf('complete');

const selectAttendees = `
select b.id, b.person_id as "personId", b.price, b.ticket_code as "ticketCode",
       b.complete_at as "completeAt", b.checked_in_at as "checkedInAt"
  from ${schema}.booking as b
 where b.event_id = $1
   and b.id > $2
   and b.complete_at is not null
   and b.status = ${complete}
 order by b.id
 limit $3`;

const selectByTicket = `
select ${fullColumns}
  from ${schema}.booking as b
 where b.ticket_code = $1`;

// Only the first time, and only of a booking that is complete still: a cancellation of the same moment has the row's
// lock before or after, and either of the two finds what the other did.
const checkIn = `
update ${schema}.booking as b
   set checked_in_at = $2, checked_in_by = $3
 where b.id = $1
   and b.status = ${complete}
   and b.checked_in_at is null
returning b.id`;

// Of two that look at once the first draws.
const giveTicket = `
update ${schema}.booking as b
   set ticket_code = $2
 where b.id = $1
   and b.status = ${complete}
   and b.ticket_code is null
returning ${fullColumns}`;

export interface AttendeesStore {
  /** Those who come to an event, by their bookings. */
  page(eventId: number, page: Page): Promise<Attendee[]>;
  find(bookingId: number): Promise<FullBooking | undefined>;
  findByTicket(code: string): Promise<FullBooking | undefined>;
  /** Notes that someone was let in; tells whether this was the first time. */
  checkIn(bookingId: number, by: number, now: Date): Promise<boolean>;
  /** Gives a ticket to a complete booking that has none; nothing when there is nothing to give. */
  giveTicket(bookingId: number, code: string): Promise<FullBooking | undefined>;
}

export function createAttendeesStore(sql: Sql): AttendeesStore {
  const one = async (text: string, values: readonly unknown[]) => {
    const [row] = await sql.query<FullRow>(text, values);
    return row && fullOf(row);
  };
  return {
    page: (eventId, { after, limit }) => sql.query<Attendee>(selectAttendees, [eventId, after, limit]),
    find: (bookingId) => findBooking(sql, bookingId),
    findByTicket: (code) => one(selectByTicket, [code]),
    checkIn: async (bookingId, by, now) => (await sql.query(checkIn, [bookingId, now, by])).length > 0,
    giveTicket: (bookingId, code) => one(giveTicket, [bookingId, code]),
  };
}
