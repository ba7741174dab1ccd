import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { bookingColumns } from '../schema.ts';

/** A booking with its history, ticket and check-in. */
export interface FullBooking {
  readonly booking: Booking;
  readonly history: History;
  /** Null until the owner first reads the complete booking. */
  readonly ticketCode: string | null;
  readonly checkedInAt: Date | null;
  /** When the booking was made. */
  readonly bookedAt: Date;
  /** The id of the transaction that last wrote the row: a 32-bit number that wraps around. */
  readonly version: number;
}

/** When a booking reached each state. */
export type History = Readonly<Partial<Record<Status, Date>>>;

export interface BookingRow extends Omit<Booking, 'state' | 'cameFrom' | 'expectedPrice' | 'byHand'> {
  readonly status: number;
  readonly expectedPrice: number | null;
  readonly madeBy: number | null;
  readonly guestName: string | null;
  readonly deskReference: string | null;
  readonly was?: number;
}

type Moments = Readonly<Record<`${Status}At`, Date | null>>;
export type FullRow = BookingRow & Pick<FullBooking, 'ticketCode' | 'checkedInAt' | 'bookedAt' | 'version'> & Moments;

const { states, named } = bookingSaga;

/** The columns of a FullRow. */
export const fullColumns = `${bookingColumns}, ${states.map((status) => `b.${status}_at as "${status}At"`).join(', ')},
       b.ticket_code as "ticketCode", b.checked_in_at as "checkedInAt",
       coalesce(b.booked_at, b.occupying_at) as "bookedAt", b.xmin::text::bigint as version`;

export function bookingOf(row: BookingRow): Booking {
  const { id, personId, eventId, price, status, reason, attempts, openSince, was } = row;
  const booking = { id, personId, eventId, price, reason, attempts, state: named(status), ...askedOf(row) };
  if (openSince !== undefined) return { ...booking, openSince };
  return was === undefined ? booking : { ...booking, cameFrom: named(was) };
}

/** What the request asked for beyond a slot of the event. */
function askedOf({ expectedPrice, madeBy, guestName, deskReference }: BookingRow) {
  return {
    ...(expectedPrice !== null && { expectedPrice }),
    ...(madeBy !== null && {
      byHand: {
        by: madeBy,
        ...(guestName !== null && { guestName }),
        ...(deskReference !== null && { deskReference }),
      },
    }),
  };
}

export function fullBookingOf(row: FullRow): FullBooking {
  const moments = states.flatMap((status) => {
    const at = row[`${status}At`];
    return at ? [[status, at] as const] : [];
  });
  moments.sort(([, a], [, b]) => a.getTime() - b.getTime());
  const { ticketCode, checkedInAt, bookedAt, version } = row;
  return { booking: bookingOf(row), history: Object.fromEntries(moments), ticketCode, checkedInAt, bookedAt, version };
}
