import type { ChangeEventBody } from '../contracts/events/schemas.ts';
import { Conflict } from '../platform/errors.ts';
import { readMoment } from '../platform/http/timestamps.ts';

/** The fields that an organizer sets, when creating an event or later. */
export interface EventFields {
  readonly name: string;
  readonly price: number;
  readonly totalSlots: number;
  readonly startsAt: Date | null;
  readonly venue: string | null;
  readonly description: string | null;
  readonly saleOpensAt: Date | null;
  readonly maxPerPerson: number | null;
  readonly cancelUntil: Date | null;
}

/** The part of an event that a change depends on, read while the event is locked. */
export interface Changeable extends EventFields {
  readonly takenSlots: number;
  readonly canceledAt: Date | null;
}

/**
 * Reads the fields of a request body. Absent fields stay absent.
 * @throws InvalidInput for a date that does not exist.
 */
export function readFields(body: ChangeEventBody): Partial<EventFields> {
  const fields: Record<keyof EventFields, unknown> = {
    name: body.event_name,
    price: body.price,
    totalSlots: body.total_slots,
    startsAt: readMoment(body.starts_at, 'starts_at'),
    venue: body.venue,
    description: body.description,
    saleOpensAt: readMoment(body.sale_opens_at, 'sale_opens_at'),
    maxPerPerson: body.max_per_person,
    cancelUntil: readMoment(body.cancel_until, 'cancel_until'),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * Applies a change. A new price applies to later bookings only: a refund returns the amount that was paid.
 * @throws Conflict when the event is canceled, or more slots are taken than the new total.
 */
export function changeEvent(event: Changeable, change: Partial<EventFields>): EventFields {
  if (event.canceledAt !== null)
    throw new Conflict('The event is canceled and cannot be changed.', undefined, { reason: 'event_canceled' });
  const changed = { ...event, ...change };
  if (changed.totalSlots < event.takenSlots) {
    const why = { reason: 'slots_taken', values: { taken: event.takenSlots } };
    throw new Conflict(`${event.takenSlots} slots are taken: total_slots cannot be lower.`, 'total_slots', why);
  }
  return changed;
}
