import { events, organizing } from '../api/api.ts';
import type { Page } from '../api/client.ts';
import type { EventDetail, Me, OwnEvent, When } from '../api/shapes.ts';
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

/** Loads the events to come or those that have started, and keeps them up to date. */
export function useEvents(when: When): Live<readonly EventDetail[]> {
  return useFollowed(
    (after) => events.page(when, after),
    when,
    () => true,
  );
}

/** The same for the events that a person organizes or helps with; for an admin, all events. */
export function useOwnEvents(when: When, { id, role }: Me): Live<readonly EventDetail[]> {
  const read = async (after: number) => {
    const { items, next } = await organizing.mine(after);
    return { items: items.filter((event) => isAt(when, event)), next };
  };
  const isAdmin = role === 'admin';
  return useFollowed(
    isAdmin ? (after) => events.page(when, after) : read,
    when,
    ({ organizer_id: organizerId }) => isAdmin || organizerId === id,
  );
}

const isAt = (when: When, event: EventDetail) => hasStarted(event, now()) === (when === 'past');

/** @param isOwn whether an event that is new on the stream belongs to the list. */
function useFollowed(
  read: (after: number) => Promise<Page<EventDetail>>,
  when: When,
  isOwn: (event: EventDetail) => boolean,
): Live<readonly EventDetail[]> {
  const loaded = useList(read, [when]);
  const isShown = (event: EventDetail) => isOwn(event) && isAt(when, event);
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
  // The list of own events says what one may do there, the stream does not.
  const { access } = known as Partial<OwnEvent>;
  const next = access === undefined ? event : { ...event, access };
  // A stream begins with all events as they are: rendering a long list for each of them would take seconds.
  if (JSON.stringify(known) === JSON.stringify(next)) return all;
  return all.map((each) => (each === known ? next : each));
}
