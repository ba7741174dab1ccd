import type { Reason, Reply } from '../../contracts/step.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Instance } from '../../saga/coordinator/store.ts';
import { registration, type Status } from '../registration.ts';
import { bookingColumns } from '../schema.ts';

/** One person's request for a slot of an event, and the saga that carries it out. */
export interface Booking extends Instance<Status> {
  readonly personId: number;
  readonly eventId: number;
  /** Null until a slot is granted. */
  readonly price: number | null;
  readonly reason: Reason | null;
  readonly openSince?: Date;
  readonly cameFrom?: Status;
}

export interface BookingDraft {
  readonly personId: number;
  readonly eventId: number;
  /** The idempotency key of the request. Of several drafts with the same key only one is stored. */
  readonly keyed?: Keyed;
}

/** A participant's reply to a step. The reply to an occupy carries the price. */
export type StepReply = Reply<{ readonly price?: number }>;

/** A booking with its history, ticket and check-in. */
export interface FullBooking {
  readonly booking: Booking;
  readonly history: History;
  /** Null until the owner first reads the complete booking. */
  readonly ticketCode: string | null;
  readonly checkedInAt: Date | null;
  /** The id of the transaction that last wrote the row: a 32-bit number that wraps around. */
  readonly version: number;
}

/** When a booking reached each state. */
export type History = Readonly<Partial<Record<Status, Date>>>;

export interface BookingRow extends Omit<Booking, 'state' | 'cameFrom'> {
  readonly status: number;
  readonly was?: number;
}

type Moments = Readonly<Record<`${Status}At`, Date | null>>;
export type FullRow = BookingRow & Pick<FullBooking, 'ticketCode' | 'checkedInAt' | 'version'> & Moments;

const { states, named } = registration;

/** The columns of a FullRow. */
export const fullColumns = `${bookingColumns}, ${states.map((status) => `b.${status}_at as "${status}At"`).join(', ')},
       b.ticket_code as "ticketCode", b.checked_in_at as "checkedInAt", b.xmin::text::bigint as version`;

export function bookingOf(row: BookingRow): Booking {
  const { id, personId, eventId, price, status, reason, attempts, openSince, was } = row;
  const booking = { id, personId, eventId, price, reason, attempts, state: named(status) };
  if (openSince !== undefined) return { ...booking, openSince };
  return was === undefined ? booking : { ...booking, cameFrom: named(was) };
}

export function fullBookingOf(row: FullRow): FullBooking {
  const moments = states.flatMap((status) => {
    const at = row[`${status}At`];
    return at ? [[status, at] as const] : [];
  });
  moments.sort(([, a], [, b]) => a.getTime() - b.getTime());
  const { ticketCode, checkedInAt, version } = row;
  return { booking: bookingOf(row), history: Object.fromEntries(moments), ticketCode, checkedInAt, version };
}
