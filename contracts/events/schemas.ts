import { type Static, type TSchema, Type } from 'typebox';
import { Amount, Id, Line, Lines, Moment, maxCount } from '../fields.ts';
import {
  type BatchAction,
  BatchSchema,
  maxCallBatch,
  ReplySchema,
  type StepRequest,
  StepRequestSchema,
} from '../step.ts';

/** A booking whose slot events lost with a restore names the price at which it was booked. */
export interface OccupyRequest extends StepRequest {
  readonly price?: number;
}

/** The calls from book to events. */
export interface Events {
  /** Takes a slot for each booking, and returns its price. */
  readonly occupy: BatchAction<OccupyRequest, { readonly price: number }>;
  /** Releases the slot of each booking; a booking without one never gets it. Never refused. */
  readonly release: BatchAction<StepRequest>;
  /** A page of the slots still granted at canceled events, in the order of events and bookings. */
  readonly heldAtCanceled: (page: HeldPage) => Promise<readonly StepRequest[]>;
  /** Events as book needs them, in any order. Unknown ids are left out. */
  readonly describe: (eventIds: readonly number[]) => Promise<readonly EventDescription[]>;
}

const MomentOrNone = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

/** An event, as book sees it. Timestamps are ISO 8601. */
export const EventDescription = Type.Object({
  id: Id,
  organizerId: Id,
  name: Type.String(),
  totalSlots: Type.Integer({ minimum: 1 }),
  startsAt: MomentOrNone,
  venue: Type.Union([Type.String(), Type.Null()]),
  /** Until when owners may cancel; null for no limit. */
  cancelUntil: MomentOrNone,
});
export type EventDescription = Static<typeof EventDescription>;

/** A page of at most `limit` slots, after the slot of a booking at an event. */
export const HeldPage = Type.Object({
  afterEventId: Type.Integer({ minimum: 0 }),
  afterBookingId: Type.Integer({ minimum: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: maxCallBatch }),
});
export type HeldPage = Static<typeof HeldPage>;

/** The HTTP calls between processes. */
export const eventsCalls = {
  occupy: {
    path: '/internal/occupy',
    asked: BatchSchema(Type.Object({ ...StepRequestSchema.properties, price: Type.Optional(Amount) })),
    answered: BatchSchema(ReplySchema({ price: Amount })),
  },
  release: {
    path: '/internal/release',
    asked: BatchSchema(StepRequestSchema),
    answered: BatchSchema(ReplySchema({})),
  },
  heldAtCanceled: {
    path: '/internal/held-at-canceled',
    isRead: true,
    asked: HeldPage,
    answered: BatchSchema(StepRequestSchema),
  },
  describe: {
    path: '/internal/describe',
    isRead: true,
    asked: BatchSchema(Id),
    answered: BatchSchema(EventDescription),
  },
} as const;

const TotalSlots = Type.Integer({ minimum: 1, maximum: maxCount, description: 'a whole number from 1' });

/** A line that is not blank: in lists, the name is the link to the event. */
const EventName = Type.String({
  maxLength: 200,
  pattern: '^[^\\p{Cc}\\p{Cs}]*[^\\p{Cc}\\p{Cs}\\s][^\\p{Cc}\\p{Cs}]*$',
  description: 'a line of 1 to 200 characters, none of them a control character, and not all of them spaces',
});
const MaxPerPerson = Type.Integer({ minimum: 1, maximum: maxCount, description: 'a whole number from 1' });

/** Optional fields of an event, and the booking rules of its organizer. */
const optionalFields = {
  starts_at: Moment,
  venue: Line(200),
  description: Lines(5_000),
  /** No slot is sold before. */
  sale_opens_at: Moment,
  /** How many slots one person may hold. */
  max_per_person: MaxPerPerson,
  /** Until when owners may cancel their bookings. */
  cancel_until: Moment,
};

export const CreateEventBody = Type.Object(
  {
    event_name: EventName,
    price: Amount,
    total_slots: TotalSlots,
    ...Type.Partial(Type.Object(optionalFields)).properties,
  },
  { $id: 'CreateEventBody', additionalProperties: false },
);
export type CreateEventBody = Static<typeof CreateEventBody>;

const orNull = <Field extends TSchema>(field: Field) =>
  Type.Union([field, Type.Null()], {
    description: `${(field as { description?: string }).description}, or null for none`,
  });

/** A change of an event. Absent fields keep their value; null removes an optional field. */
export const ChangeEventBody = Type.Object(
  {
    event_name: Type.Optional(EventName),
    price: Type.Optional(Amount),
    total_slots: Type.Optional(TotalSlots),
    starts_at: Type.Optional(orNull(optionalFields.starts_at)),
    venue: Type.Optional(orNull(optionalFields.venue)),
    description: Type.Optional(orNull(optionalFields.description)),
    sale_opens_at: Type.Optional(orNull(optionalFields.sale_opens_at)),
    max_per_person: Type.Optional(orNull(optionalFields.max_per_person)),
    cancel_until: Type.Optional(orNull(optionalFields.cancel_until)),
  },
  { $id: 'ChangeEventBody', additionalProperties: false, minProperties: 1 },
);
export type ChangeEventBody = Static<typeof ChangeEventBody>;

/** An event in a list. */
export const EventItem = Type.Object(
  { id: Id, event_name: Type.String(), price: Amount, total_slots: TotalSlots },
  { $id: 'EventItem' },
);
export type EventItem = Static<typeof EventItem>;

export const CancelEventBody = Type.Object({ event_id: Id }, { $id: 'CancelEventBody', additionalProperties: false });

/** The progress of a cancellation: it is complete when `slots_given_back` equals `of`. */
export const EventCancellation = Type.Object({
  canceled_at: Type.String({ format: 'date-time' }),
  slots_given_back: Type.Integer({ minimum: 0 }),
  of: Type.Integer({ minimum: 0 }),
});

export const EventDetail = Type.Object(
  {
    ...EventItem.properties,
    free_slots: Type.Integer({ minimum: 0 }),
    organizer_id: Id,
    created_at: Type.String({ format: 'date-time' }),
    ...Type.Partial(
      Type.Object({
        starts_at: Type.String({ format: 'date-time' }),
        venue: Type.String(),
        description: Type.String(),
        sale_opens_at: Type.String({ format: 'date-time' }),
        max_per_person: MaxPerPerson,
        cancel_until: Type.String({ format: 'date-time' }),
      }),
    ).properties,
    cancellation: Type.Optional(EventCancellation),
  },
  { $id: 'EventDetail' },
);
export type EventDetail = Static<typeof EventDetail>;

/** How lists show an event: the basic fields, or all. */
export const View = Type.Enum(['item', 'detail'], { description: 'item or detail' });
