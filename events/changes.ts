import type { ChangeEventBody } from '../contracts/events/schemas.ts';
import { Conflict } from '../platform/errors.ts';
import { readMoment } from '../platform/http/timestamps.ts';

/** What an organizer says of an event, when making it or later. */
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

/** What a change has to know of the event, under its lock. */
export interface Changeable extends EventFields {
  readonly takenSlots: number;
  readonly canceledAt: Date | null;
}

/**
 * Reads what was sent. What was left out is left out here, too.
 * @throws InvalidInput for a day that no calendar has.
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
 * Decides what an event becomes. A new price holds for bookings from then on: what was paid stands in their records,
 * and that is what a refund gives back.
 * @throws Conflict when the event is canceled, or more slots are taken than there would be.
 */
export function changeEvent(event: Changeable, change: Partial<EventFields>): EventFields {
  if (event.canceledAt !== null)
    throw new Conflict('The event is canceled: it can’t be changed any more.', undefined, { reason: 'event_canceled' });
  const changed = { ...event, ...change };
  if (changed.totalSlots < event.takenSlots) {
    const why = { reason: 'slots_taken', values: { taken: event.takenSlots } };
    throw new Conflict(`${event.takenSlots} slots are taken: there can’t be fewer.`, 'total_slots', why);
  }
  return changed;
}
