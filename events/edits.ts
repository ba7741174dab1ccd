import type { ChangeEventBody } from '../contracts/events/schemas.ts';
import { isTimeZone } from '../contracts/events/wall-time.ts';
import { tidyName } from '../contracts/text/names.ts';
import { Conflict, InvalidInput } from '../platform/errors.ts';
import { readMoment } from '../platform/http/timestamps.ts';
import { saleEndsAt } from './slots.ts';

/** The fields that an organizer sets, when creating an event or later. */
export interface EventFields {
  readonly name: string;
  readonly price: number;
  readonly totalSlots: number;
  readonly startsAt: Date | null;
  readonly venue: string | null;
  readonly description: string | null;
  readonly timeZone: string | null;
  readonly saleOpensAt: Date | null;
  readonly saleClosesAt: Date | null;
  readonly maxPerPerson: number | null;
  readonly cancelUntil: Date | null;
}

/** A cancellation deadline that was replaced by a worse one, as stored: ISO 8601, null for "until the start". */
export interface EarlierDeadline {
  readonly replacedAt: string;
  readonly cancelUntil: string | null;
}

/** What an event keeps of its changes. */
export interface Revised {
  /** How often the event was changed. */
  readonly revision: number;
  readonly changedAt: Date | null;
  /** The last change of date or place. */
  readonly movedAt: Date | null;
  readonly earlierTerms: readonly EarlierDeadline[] | null;
}

/** The part of an event that a change depends on, read while the event is locked. */
export interface Changeable extends EventFields, Revised {
  readonly takenSlots: number;
  readonly canceledAt: Date | null;
}

/**
 * Reads the fields of a request body. Absent fields stay absent.
 * @throws InvalidInput for a date or a time zone that does not exist.
 */
export function readFields(body: ChangeEventBody): Partial<EventFields> {
  const fields: Record<keyof EventFields, unknown> = {
    name: body.event_name,
    price: body.price,
    totalSlots: body.total_slots,
    startsAt: readMoment(body.starts_at, 'starts_at'),
    venue: body.venue,
    description: body.description,
    timeZone: readTimeZone(body.time_zone),
    saleOpensAt: readMoment(body.sale_opens_at, 'sale_opens_at'),
    saleClosesAt: readMoment(body.sale_closes_at, 'sale_closes_at'),
    maxPerPerson: body.max_per_person,
    cancelUntil: readMoment(body.cancel_until, 'cancel_until'),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readTimeZone<Absent extends null | undefined>(name: string | Absent): string | Absent {
  if (typeof name !== 'string' || isTimeZone(name)) return name;
  throw new InvalidInput(`${name} is not a time zone. Use a name such as Europe/Berlin.`, 'time_zone');
}

/** The fields of a new event. @throws InvalidInput when its dates contradict each other. */
export function newEvent<Draft extends Partial<EventFields>>(draft: Draft): Draft {
  requireOnSale(draft);
  return draft;
}

/**
 * Applies a change. A new price and worse terms apply to later bookings only: a refund returns the amount that was paid,
 * and the earlier cancellation deadline is kept for the bookings that were made under it.
 * @throws Conflict when the event is canceled, or more slots are taken than the new total; InvalidInput when the changed
 * dates contradict each other.
 */
export function changeEvent(event: Changeable, change: Partial<EventFields>, now: Date): EventFields & Revised {
  if (event.canceledAt !== null)
    throw new Conflict('The event is canceled and cannot be changed.', undefined, { reason: 'event_canceled' });
  const changed = { ...event, ...change };
  if (changed.totalSlots < event.takenSlots) {
    const why = { reason: 'slots_taken', values: { taken: event.takenSlots } };
    throw new Conflict(`${event.takenSlots} slots are taken: total_slots cannot be lower.`, 'total_slots', why);
  }
  const differs = (...names: (keyof EventFields)[]) => names.some((name) => !isSame(event[name], changed[name]));
  // The dates of an event from before this rule do not get in the way of other changes.
  if (differs('startsAt', 'saleOpensAt', 'saleClosesAt')) requireOnSale(changed);
  if (!differs(...(Object.keys(change) as (keyof EventFields)[]))) return event;
  return {
    ...changed,
    revision: event.revision + 1,
    changedAt: now,
    movedAt: differs('startsAt', 'venue') && !hasStarted(event, now) ? now : event.movedAt,
    earlierTerms: betterTerms(event, changed, now),
  };
}

/** A change after the start moves nothing: nobody gets money back for an event that has been. */
function hasStarted({ startsAt }: EventFields, now: Date): boolean {
  return startsAt !== null && startsAt <= now;
}

function isSame(one: EventFields[keyof EventFields], other: EventFields[keyof EventFields]): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (typeof one === 'string' && typeof other === 'string') return tidyName(one) === tidyName(other);
  return one === other;
}

/**
 * The earlier deadlines that still matter: those that are better than every later one. So the list stays short, however
 * often an organizer goes back and forth.
 */
function betterTerms(event: Changeable, changed: EventFields, now: Date): EarlierDeadline[] | null {
  const replaced = { replacedAt: now.toISOString(), cancelUntil: event.cancelUntil?.toISOString() ?? null };
  const deadlineMs = (until: string | null) =>
    until === null ? (changed.startsAt?.getTime() ?? Number.POSITIVE_INFINITY) : Date.parse(until);
  let best = deadlineMs(changed.cancelUntil?.toISOString() ?? null);
  const kept: EarlierDeadline[] = [];
  for (const earlier of [...(event.earlierTerms ?? []), replaced].toReversed()) {
    if (deadlineMs(earlier.cancelUntil) <= best) continue;
    best = deadlineMs(earlier.cancelUntil);
    kept.unshift(earlier);
  }
  return kept.length === 0 ? null : kept;
}

/** @throws InvalidInput when the sale would end before it opens, so that no slot could ever be sold. */
function requireOnSale({ saleOpensAt = null, saleClosesAt = null, startsAt = null }: Partial<EventFields>): void {
  const endsAt = saleEndsAt({ saleClosesAt, startsAt });
  if (saleOpensAt === null || endsAt === null || saleOpensAt < endsAt) return;
  if (saleClosesAt !== null) {
    const words = 'The sale would close before it opens: sale_closes_at must be later than sale_opens_at.';
    throw new InvalidInput(words, 'sale_closes_at', { reason: 'closes_before_opening' });
  }
  const words = 'The sale would open after the event has started: sale_opens_at must be earlier than starts_at.';
  throw new InvalidInput(words, 'sale_opens_at', { reason: 'opens_after_start' });
}
