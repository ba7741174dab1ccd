import { type Static, Type } from 'typebox';
import { Amount, Id, Line, maxCount } from './fields.ts';
import { maxCallSet, ReplySchema, type SetAction, SetSchema, type StepRequest, StepRequestSchema } from './reply.ts';

/** What book asks of events. */
export interface Events {
  /** Takes a slot for each booking, and says its price. */
  readonly occupy: SetAction<StepRequest, { readonly price: number }>;
  /** Gives each booking's slot back, or sees to it that it never gets one. Never refused. */
  readonly release: SetAction<StepRequest>;
  /** Slots still held at canceled events, in the order of events and bookings, after a given one. */
  readonly heldAtCanceled: (page: HeldPage) => Promise<readonly StepRequest[]>;
}

/** A page of held slots: at most `limit`, after the one of a booking at an event. */
export const HeldPage = Type.Object({
  afterEventId: Type.Integer({ minimum: 0 }),
  afterBookingId: Type.Integer({ minimum: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: maxCallSet }),
});
export type HeldPage = Static<typeof HeldPage>;

/** The same between processes. */
export const eventsCalls = {
  occupy: {
    path: '/internal/occupy',
    asked: SetSchema(StepRequestSchema),
    answered: SetSchema(ReplySchema({ price: Amount })),
  },
  release: {
    path: '/internal/release',
    asked: SetSchema(StepRequestSchema),
    answered: SetSchema(ReplySchema({})),
  },
  heldAtCanceled: {
    path: '/internal/held-at-canceled',
    asked: HeldPage,
    answered: SetSchema(StepRequestSchema),
  },
} as const;

const TotalSlots = Type.Integer({ minimum: 1, maximum: maxCount, description: 'a whole number from 1' });

export const CreateEventBody = Type.Object(
  { event_name: Line(200), price: Amount, total_slots: TotalSlots },
  { additionalProperties: false },
);
export type CreateEventBody = Static<typeof CreateEventBody>;

/** An event in a list, with the fields and in the order of the first description of Startlist. */
export const EventItem = Type.Object({ id: Id, event_name: Type.String(), price: Amount, total_slots: TotalSlots });
export type EventItem = Static<typeof EventItem>;

export const CancelEventBody = Type.Object({ event_id: Id }, { additionalProperties: false });

/** How far the cancellation of an event has come: all is done when as many slots were given back as were taken. */
export const EventCancellation = Type.Object({
  canceled_at: Type.String({ format: 'date-time' }),
  slots_given_back: Type.Integer({ minimum: 0 }),
  of: Type.Integer({ minimum: 0 }),
});

export const EventDetail = Type.Object({
  ...EventItem.properties,
  free_slots: Type.Integer({ minimum: 0 }),
  organizer_id: Id,
  created_at: Type.String({ format: 'date-time' }),
  cancellation: Type.Optional(EventCancellation),
});
export type EventDetail = Static<typeof EventDetail>;
