import { type Static, type TSchema, Type } from 'typebox';
import { Amount, Id, Lines, Moment, maxCount, Name } from '../fields.ts';

const TotalSlots = Type.Integer({ minimum: 1, maximum: maxCount, description: 'a whole number from 1' });

const EventName = Name(200);
const MaxPerPerson = Type.Integer({ minimum: 1, maximum: maxCount, description: 'a whole number from 1' });

/** A zone of the IANA database. The pattern allows names that do not exist; the code that reads the value rejects them. */
const TimeZone = Type.String({
  maxLength: 60,
  pattern: '^[A-Za-z0-9+_-]+(/[A-Za-z0-9+_-]+)*$',
  description: 'a time zone, such as Europe/Berlin',
});

/** Optional fields of an event, and the booking rules that its organizer sets. */
const optionalFields = {
  starts_at: Moment,
  venue: Name(200),
  description: Lines(5_000),
  /** The zone in which the times of the event are shown. */
  time_zone: TimeZone,
  /** The time before which no slot is sold. */
  sale_opens_at: Moment,
  /** The time from which no slot is sold: the start of the event by default. */
  sale_closes_at: Moment,
  /** The maximum number of slots of one person. */
  max_per_person: MaxPerPerson,
  /** The time until which owners may cancel their bookings: the start of the event by default. */
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
    time_zone: Type.Optional(orNull(optionalFields.time_zone)),
    sale_opens_at: Type.Optional(orNull(optionalFields.sale_opens_at)),
    sale_closes_at: Type.Optional(orNull(optionalFields.sale_closes_at)),
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

/** The progress of an event's cancellation, which is complete when `slots_given_back` equals `of`. */
export const EventCancellation = Type.Object({
  canceled_at: Type.String({ format: 'date-time' }),
  slots_given_back: Type.Integer({ minimum: 0 }),
  of: Type.Integer({ minimum: 0 }),
});

const EarlierTerms = Type.Object({
  replaced_at: Type.String({ format: 'date-time' }),
  cancel_until: Type.Optional(Type.String({ format: 'date-time' })),
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
        time_zone: Type.String(),
        sale_opens_at: Type.String({ format: 'date-time' }),
        sale_closes_at: Type.String({ format: 'date-time' }),
        max_per_person: MaxPerPerson,
        cancel_until: Type.String({ format: 'date-time' }),
        /** How often the event was changed. */
        revision: Type.Integer({ minimum: 1 }),
        /** The last change of any field. */
        changed_at: Type.String({ format: 'date-time' }),
        /** The last change of date or place. Owners of earlier bookings may cancel freely for seven days. */
        moved_at: Type.String({ format: 'date-time' }),
        /** Cancellation deadlines that were replaced by worse ones. They stay valid for the bookings made before. */
        earlier_terms: Type.Array(EarlierTerms),
      }),
    ).properties,
    cancellation: Type.Optional(EventCancellation),
  },
  { $id: 'EventDetail' },
);
export type EventDetail = Static<typeof EventDetail>;

/** Whether lists show only the basic fields of an item, or all. */
export const View = Type.Enum(['item', 'detail'], { description: 'item or detail' });

/** Which events a list shows: those to come, which have not started or have no start, or those that have started. */
export const When = Type.Enum(['upcoming', 'past'], { description: 'upcoming or past' });
export type When = Static<typeof When>;
