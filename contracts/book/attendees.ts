import { type Static, Type } from 'typebox';
import { Amount, Id, Moment } from '../fields.ts';

const At = Type.String({ format: 'date-time' });

/** A complete booking of an event, with the person's name. */
export const AttendeeItem = Type.Object({
  booking_id: Id,
  user_id: Id,
  login: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  /** Absent for those who only scan, as is `desk_reference`. */
  price: Type.Optional(Amount),
  complete_at: At,
  checked_in_at: Type.Optional(At),
  /** The guest for whom the organizer booked by hand. The booking's person is then the organizer. */
  guest_name: Type.Optional(Type.String()),
  /** The reference of the payment at the desk. */
  desk_reference: Type.Optional(Type.String()),
});
export type AttendeeItem = Static<typeof AttendeeItem>;

/** The separators of a CSV file: spreadsheets expect one of them, depending on their locale. */
export const csvSeparators = [',', ';', '\t'] as const;
export type CsvSeparator = (typeof csvSeparators)[number];

/**
 * `code` (case, spaces and dashes do not matter) or `booking_id`, not both. `event_id` is the event at the entrance.
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

/** `checked_in_at` is the time of the first check-in; `is_first` is false when an earlier request made it. */
export const CheckedIn = Type.Object({
  booking_id: Id,
  event_id: Id,
  user_id: Id,
  person: Type.Object({ login: Type.String(), first_name: Type.String(), last_name: Type.String() }),
  /** The guest for whom the organizer booked by hand. */
  guest_name: Type.Optional(Type.String()),
  checked_in_at: At,
  is_first: Type.Boolean(),
});
export type CheckedIn = Static<typeof CheckedIn>;

/** With `checked_in_at`, only that check-in is undone, not a later one. */
export const UndoCheckInBody = Type.Object(
  { booking_id: Id, checked_in_at: Type.Optional(Moment) },
  { additionalProperties: false },
);

/** `was_checked_in` is false when there was no check-in to undo. */
export const CheckInUndone = Type.Object({ booking_id: Id, event_id: Id, was_checked_in: Type.Boolean() });
export type CheckInUndone = Static<typeof CheckInUndone>;

const Count = Type.Integer({ minimum: 0 });

/** The sales of an event. Amounts are in the smallest unit of the currency, and exact also above 2^53. */
export const Sales = Type.Object({
  /** The slots of complete bookings at the end of each time span in which their number changed; at most 300 points. */
  points: Type.Array(Type.Object({ at: At, taken: Count })),
  /** The average number of bookings completed in a second, over the last 10 seconds. */
  rate_per_second: Type.Number({ minimum: 0 }),
  taken: Count,
  total_slots: Count,
  money_taken: Count,
  /** The part of `money_taken` that was refunded. */
  refunded: Count,
});
export type Sales = Static<typeof Sales>;
