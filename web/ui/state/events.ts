import { events } from '../api/api.ts';
import type { EventDetail, When } from '../api/shapes.ts';
import { now } from './clock.ts';
import { type Connection, useFollow } from './live.ts';
import { type Loaded, useList, useLoad } from './load.ts';
import { hasStarted } from './sale.ts';

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

/** Loads the events to come or those that have started, of all organizers or of one, and keeps them up to date. */
export function useEvents(when: When, organizerId?: number): Live<readonly EventDetail[]> {
  const loaded = useList((after) => events.page(when, organizerId, after), [when, organizerId]);
  const isShown = (event: EventDetail) =>
    (organizerId === undefined || event.organizer_id === organizerId) && hasStarted(event, now()) === (when === 'past');
  const connection = useFollow<EventDetail>('/events/live', 'event', {
    onData: (event) => loaded.put((all) => replace(all, event, isShown(event))),
    onOpen: loaded.reload,
  });
  return { ...loaded, connection };
}

/** Replaces an event of a list, also one that has started since. A new one is added if the list shows such events. */
function replace(all: readonly EventDetail[], event: EventDetail, isShown: boolean): readonly EventDetail[] {
  const known = all.find(({ id }) => id === event.id);
  if (known === undefined) return isShown ? [...all, event] : all;
  // A stream begins with all events as they are: rendering a long list for each of them would take seconds.
  if (JSON.stringify(known) === JSON.stringify(event)) return all;
  return all.map((each) => (each === known ? event : each));
}
