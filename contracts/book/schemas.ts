import { type Static, Type } from 'typebox';
import { Login } from '../auth/sign-in.ts';
import { Amount, Id, Name } from '../fields.ts';
import { ReasonSchema } from '../step.ts';

/** One receipt must not use up the total that a person may ever pay in: a refund does not lower that total. */
const PaidAmount = Type.Integer({
  minimum: 1,
  maximum: 1_000_000_000_000,
  description: 'a whole number from 1 to 10^12; it counts into the total of 2^53 - 1 that a person may ever pay in',
});

export const CreateBookingBody = Type.Object(
  {
    event_id: Id,
    /** The price that the buyer saw. At another price the booking is canceled with the reason `price_changed`. */
    price: Type.Optional(Amount),
  },
  { $id: 'CreateBookingBody', additionalProperties: false },
);
export type CreateBookingBody = Static<typeof CreateBookingBody>;

/**
 * A booking that an organizer makes by hand, for a person with a login or for a guest by name: free, or paid at the
 * desk.
 */
export const BookByHandBody = Type.Object(
  {
    event_id: Id,
    login: Type.Optional(Login),
    guest_name: Type.Optional(Name(200)),
    /** What was paid at the desk, and the unique reference of the receipt. Without it, the booking is free. */
    paid: Type.Optional(Type.Object({ amount: PaidAmount, reference: Name(200) }, { additionalProperties: false })),
  },
  { $id: 'BookByHandBody', additionalProperties: false },
);
export type BookByHandBody = Static<typeof BookByHandBody>;

export const CancelBookingBody = Type.Object(
  { booking_id: Id },
  { $id: 'CancelBookingBody', additionalProperties: false },
);

/**
 * A booking in a list. The fields and their order are those of Startlist's first specification. The price is absent
 * until a slot is granted. `book/saga/table.ts` defines the status numbers.
 */
export const BookingItem = Type.Object(
  {
    id: Id,
    user_id: Id,
    event_id: Id,
    price: Type.Optional(Amount),
    status: Type.Integer(),
  },
  { $id: 'BookingItem' },
);
export type BookingItem = Static<typeof BookingItem>;

/** A booking as returned by create and cancel, with the reason of a refusal or cancellation. */
export const BookingAnswer = Type.Object(
  { ...BookingItem.properties, reason: Type.Optional(ReasonSchema) },
  { $id: 'BookingAnswer' },
);
export type BookingAnswer = Static<typeof BookingAnswer>;

export const BookingDetail = Type.Object(
  {
    ...BookingAnswer.properties,
    /** The name of the status. */
    state: Type.String(),
    history: Type.Array(Type.Object({ state: Type.String(), at: Type.String({ format: 'date-time' }) })),
    /** Shown only to the owner, and set when the owner first reads the complete booking with `GET /book/get/:id`. */
    ticket_code: Type.Optional(Type.String()),
    /** When the booking was made, if a repair has changed its history since. */
    booked_at: Type.Optional(Type.String({ format: 'date-time' })),
    /** The time of the first check-in. */
    checked_in_at: Type.Optional(Type.String({ format: 'date-time' })),
    /** The guest for whom an organizer made the booking by hand. */
    guest_name: Type.Optional(Type.String()),
    /** The reference of the payment at the desk, which returns the money if the booking is canceled. */
    desk_reference: Type.Optional(Type.String()),
  },
  { $id: 'BookingDetail' },
);
export type BookingDetail = Static<typeof BookingDetail>;
