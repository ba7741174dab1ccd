import { type Static, Type } from 'typebox';
import { Amount, Id } from '../fields.ts';

const At = Type.String({ format: 'date-time' });

/** One who comes to an event. */
export const AttendeeItem = Type.Object({
  booking_id: Id,
  user_id: Id,
  login: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  price: Amount,
  complete_at: At,
  checked_in_at: Type.Optional(At),
});
export type AttendeeItem = Static<typeof AttendeeItem>;

/**
 * Who is to be let in: a ticket's code as it is shown, scanned or typed (case, spaces and dashes do not matter), or, for
 * one who has none at hand, a booking. One of the two; `event_id` says at whose door.
 */
export const CheckInBody = Type.Object(
  {
    code: Type.Optional(
      Type.String({ minLength: 1, maxLength: 60, description: 'the code of a ticket, such as 7KQ2-M0XD-9R4T' }),
    ),
    booking_id: Type.Optional(Id),
    event_id: Type.Optional(Id),
  },
  { additionalProperties: false },
);
export type CheckInBody = Static<typeof CheckInBody>;

/** Who was let in, and when first: `is_first` is false for a ticket that was shown before. */
export const CheckedIn = Type.Object({
  booking_id: Id,
  event_id: Id,
  user_id: Id,
  person: Type.Object({ login: Type.String(), first_name: Type.String(), last_name: Type.String() }),
  checked_in_at: At,
  is_first: Type.Boolean(),
});
export type CheckedIn = Static<typeof CheckedIn>;

const Count = Type.Integer({ minimum: 0 });

/** How an event sold. Amounts are in the smallest unit there is. */
export const Sales = Type.Object({
  /** How many slots were taken by complete bookings at the end of each span of time in which that changed; at most 300. */
  points: Type.Array(Type.Object({ at: At, taken: Count })),
  /** Bookings completed in the last 10 seconds, by the second. */
  rate_per_second: Type.Number({ minimum: 0 }),
  taken: Count,
  total_slots: Count,
  money_taken: Count,
  /** How much of it was given back. */
  refunded: Count,
});
export type Sales = Static<typeof Sales>;
