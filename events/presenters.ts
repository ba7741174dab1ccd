import type { EventDetail, EventItem } from '../contracts/events/schemas.ts';
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
  ...(event.saleOpensAt !== null && { sale_opens_at: event.saleOpensAt.toISOString() }),
  ...(event.maxPerPerson !== null && { max_per_person: event.maxPerPerson }),
  ...(event.cancelUntil !== null && { cancel_until: event.cancelUntil.toISOString() }),
  ...(event.canceledAt !== null && { cancellation: cancellation(event, event.canceledAt) }),
});

const cancellation = ({ takenAtCancel, takenSlots }: Event, canceledAt: Date) => ({
  canceled_at: canceledAt.toISOString(),
  slots_given_back: (takenAtCancel ?? 0) - takenSlots,
  of: takenAtCancel ?? 0,
});
