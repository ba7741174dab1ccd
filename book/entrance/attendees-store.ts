import type { Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { findBooking } from '../bookings/details-store.ts';
import { type FullBooking, type FullRow, fullBookingOf, fullColumns } from '../bookings/row-schema.ts';
import { numberOf, schema } from '../schema.ts';

/** A complete booking of an event. */
export interface Attendee {
  /** The booking's id. */
  readonly id: number;
  readonly personId: number;
  readonly price: number;
  readonly ticketCode: string | null;
  readonly completeAt: Date;
  readonly checkedInAt: Date | null;
  /** The guest for whom the organizer booked by hand. */
  readonly guestName: string | null;
  readonly deskReference: string | null;
}

const complete = numberOf('complete');

const selectAttendees = `
select b.id, b.person_id as "personId", b.price, b.ticket_code as "ticketCode",
       b.complete_at as "completeAt", b.checked_in_at as "checkedInAt",
       b.guest_name as "guestName", b.desk_reference as "deskReference"
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
 where b.ticket_code = any($1::text[])
 limit 1`;

// A check-in succeeds once, and only while the booking is complete. A concurrent cancellation locks the same row, so
// the second of the two sees the result of the first.
const checkIn = `
update ${schema}.booking as b
   set checked_in_at = $2, checked_in_by = $3
 where b.id = $1
   and b.status = ${complete}
   and b.checked_in_at is null
returning b.id`;

const undoCheckIn = `
update ${schema}.booking as b
   set checked_in_at = null, checked_in_by = null
 where b.id = $1
   and b.status = ${complete}
   and b.checked_in_at is not null
   and ($2::timestamptz is null or b.checked_in_at = $2)
returning b.id`;

export interface AttendeesStore {
  /** A page of an event's attendees, in the order of booking ids. */
  page(eventId: number, page: Page): Promise<Attendee[]>;
  find(bookingId: number): Promise<FullBooking | undefined>;
  /** Finds the booking with one of these ticket codes. Of 60-bit codes, no two readings are both sold. */
  findByTicket(codes: readonly string[]): Promise<FullBooking | undefined>;
  /** Records a check-in. @returns true for the first one. */
  checkIn(bookingId: number, by: number, now: Date): Promise<boolean>;
  /** Undoes the check-in at a time, or any. @returns whether there was one. */
  undoCheckIn(bookingId: number, at: Date | undefined): Promise<boolean>;
}

export function createAttendeesStore(sql: Sql): AttendeesStore {
  return {
    page: (eventId, { after, limit }) => sql.query<Attendee>(selectAttendees, [eventId, after, limit]),
    find: (bookingId) => findBooking(sql, bookingId),
    async findByTicket(codes) {
      const [row] = await sql.query<FullRow>(selectByTicket, [codes]);
      return row && fullBookingOf(row);
    },
    checkIn: async (bookingId, by, now) => (await sql.query(checkIn, [bookingId, now, by])).length > 0,
    undoCheckIn: async (bookingId, at) => (await sql.query(undoCheckIn, [bookingId, at ?? null])).length > 0,
  };
}
