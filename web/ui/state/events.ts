import { events } from '../api/api.ts';
import type { EventDetail } from '../api/shapes.ts';
import { type Connection, useFollow } from './live.ts';
import { type Loaded, useLoad } from './load.ts';

/** A loaded value with live updates. */
export interface Live<Value> extends Loaded<Value> {
  readonly connection: Connection;
}

export function useEvent(id: number): Live<EventDetail> {
  const loaded = useLoad(() => events.one(id), [id]);
  const connection = useFollow<EventDetail>(`/events/live?ids=${id}`, 'event', {
    onData: (event) => loaded.put(() => event),
    onOpen: loaded.reload,
  });
  return { ...loaded, connection };
}

/** Loads all events, or those of one organizer, and keeps them up to date. */
export function useEvents(organizerId?: number): Live<EventDetail[]> {
  const loaded = useLoad(() => events.list(organizerId), [organizerId]);
  const isShown = (event: EventDetail) => organizerId === undefined || event.organizer_id === organizerId;
  const connection = useFollow<EventDetail>('/events/live', 'event', {
    onData: (event) => isShown(event) && loaded.put((all) => replace(all, event)),
    onOpen: loaded.reload,
  });
  return { ...loaded, connection };
}

function replace(all: readonly EventDetail[], event: EventDetail): EventDetail[] {
  const isKnown = all.some(({ id }) => id === event.id);
  return isKnown ? all.map((each) => (each.id === event.id ? event : each)) : [...all, event];
}
