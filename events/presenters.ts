import type { EventDetail, EventItem } from '../contracts/events/schemas.ts';
import type { EarlierDeadline } from './edits.ts';
import type { Event } from './store.ts';

export const item = ({ id, name, price, totalSlots }: Event): EventItem => ({
  id,
  event_name: name,
  price,
  total_slots: totalSlots,
});

/** An event with all its fields; null fields are left out. */
export const detail = (event: Event): EventDetail => ({
  ...item(event),
  free_slots: event.totalSlots - event.takenSlots,
  organizer_id: event.organizerId,
  created_at: event.createdAt.toISOString(),
  ...(event.startsAt !== null && { starts_at: event.startsAt.toISOString() }),
  ...(event.venue !== null && { venue: event.venue }),
  ...(event.description !== null && { description: event.description }),
  ...(event.timeZone !== null && { time_zone: event.timeZone }),
  ...(event.saleOpensAt !== null && { sale_opens_at: event.saleOpensAt.toISOString() }),
  ...(event.saleClosesAt !== null && { sale_closes_at: event.saleClosesAt.toISOString() }),
  ...(event.maxPerPerson !== null && { max_per_person: event.maxPerPerson }),
  ...(event.cancelUntil !== null && { cancel_until: event.cancelUntil.toISOString() }),
  ...revised(event),
  ...(event.canceledAt !== null && { cancellation: cancellation(event, event.canceledAt) }),
});

const cancellation = ({ takenAtCancel, takenSlots }: Event, canceledAt: Date) => ({
  canceled_at: canceledAt.toISOString(),
  slots_given_back: (takenAtCancel ?? 0) - takenSlots,
  of: takenAtCancel ?? 0,
});

/** What buyers need to know of the changes; empty for an event that was never changed. */
const revised = ({ revision, changedAt, movedAt, earlierTerms }: Event) => ({
  ...(revision > 0 && { revision }),
  ...(changedAt !== null && { changed_at: changedAt.toISOString() }),
  ...(movedAt !== null && { moved_at: movedAt.toISOString() }),
  ...(earlierTerms !== null && { earlier_terms: earlierTerms.map(earlier) }),
});

const earlier = ({ replacedAt, cancelUntil }: EarlierDeadline) => ({
  replaced_at: replacedAt,
  ...(cancelUntil !== null && { cancel_until: cancelUntil }),
});
