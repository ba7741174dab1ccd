import { events } from '../api/api.ts';
import type { EventDetail } from '../api/shapes.ts';
import { type Following, useFollow } from './live.ts';
import { type Loaded, useLoad } from './load.ts';

/** What is read, and whether it is kept up to date. */
export interface Followed<Value> extends Loaded<Value> {
  readonly following: Following;
}

/** One event, kept up to date. */
export function useEvent(id: number): Followed<EventDetail> {
  const loaded = useLoad(() => events.one(id), [id]);
  const following = useFollow<EventDetail>(`/events/live?ids=${id}`, 'event', {
    onData: (event) => loaded.put(() => event),
    onOpen: loaded.reload,
  });
  return { ...loaded, following };
}

/** All events, or those of one organizer, kept up to date. */
export function useEvents(organizerId?: number): Followed<EventDetail[]> {
  const loaded = useLoad(() => events.list(organizerId), [organizerId]);
  const isShown = (event: EventDetail) => organizerId === undefined || event.organizer_id === organizerId;
  const following = useFollow<EventDetail>('/events/live', 'event', {
    onData: (event) => isShown(event) && loaded.put((all) => replace(all, event)),
    onOpen: loaded.reload,
  });
  return { ...loaded, following };
}

function replace(all: readonly EventDetail[], event: EventDetail): EventDetail[] {
  const isKnown = all.some(({ id }) => id === event.id);
  return isKnown ? all.map((each) => (each.id === event.id ? event : each)) : [...all, event];
}
