import { type Static, Type } from 'typebox';
import { Amount, Id } from '../fields.ts';
import { reasons } from '../step.ts';

export const CreateBookingBody = Type.Object({ event_id: Id }, { additionalProperties: false });
export type CreateBookingBody = Static<typeof CreateBookingBody>;

export const CancelBookingBody = Type.Object({ booking_id: Id }, { additionalProperties: false });

/**
 * A booking in a list, with the fields and in the order of the first description of Startlist. The price is left out
 * while it is not known. The numbers of the statuses stand in the saga's table, `book/registration.ts`.
 */
export const BookingItem = Type.Object({
  id: Id,
  user_id: Id,
  event_id: Id,
  price: Type.Optional(Amount),
  status: Type.Integer(),
});
export type BookingItem = Static<typeof BookingItem>;

export const BookingReason = Type.Enum([...reasons]);

/** The answer to a booking just made: an item, and the reason when it did not come about. */
export const BookingAnswer = Type.Object({ ...BookingItem.properties, reason: Type.Optional(BookingReason) });
export type BookingAnswer = Static<typeof BookingAnswer>;

/** A booking in full: in words, too, and when it reached each state. */
export const BookingDetail = Type.Object({
  ...BookingAnswer.properties,
  state: Type.String(),
  history: Type.Array(Type.Object({ state: Type.String(), at: Type.String({ format: 'date-time' }) })),
  /** For its owner's eyes, from when that looked at the complete booking by itself: then it is drawn. */
  ticket_code: Type.Optional(Type.String()),
  /** When its ticket was first shown at the entrance. */
  checked_in_at: Type.Optional(Type.String({ format: 'date-time' })),
});
export type BookingDetail = Static<typeof BookingDetail>;
