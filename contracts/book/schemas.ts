import { type Static, Type } from 'typebox';
import { Amount, Id } from '../fields.ts';
import { ReasonSchema } from '../step.ts';

export const CreateBookingBody = Type.Object(
  { event_id: Id },
  { $id: 'CreateBookingBody', additionalProperties: false },
);
export type CreateBookingBody = Static<typeof CreateBookingBody>;

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
    /** The time of the first check-in. */
    checked_in_at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { $id: 'BookingDetail' },
);
export type BookingDetail = Static<typeof BookingDetail>;
