import type { EventDescription, Events } from '../../contracts/events/calls.ts';
import { batch } from '../../platform/batch.ts';
import { cacheLookups } from '../../platform/cache.ts';
import { NotFound } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';

/** Event descriptions, read from events in batches and cached for a second. */
export interface EventCache {
  /** Finds the description of an event. @throws Unavailable when the events service does not answer. */
  find(eventId: number): Promise<EventDescription | undefined>;
  /** The same for an event that must exist. @throws NotFound; Unavailable as above. */
  require(eventId: number): Promise<EventDescription>;
  /** Same as `find` and `require`, but read anew: for writes that take access to the event. */
  findNow(eventId: number): Promise<EventDescription | undefined>;
  requireNow(eventId: number): Promise<EventDescription>;
}

export function createEventCache(world: World, events: Pick<Events, 'describe'>): EventCache {
  const ask = batch<number, EventDescription | undefined>(world, { lanes: 2, maxBatch: 500 }, async (ids) => {
    const found = await events.describe([...new Set(ids)]);
    const byId = new Map(found.map((event) => [event.id, event]));
    return ids.map((id) => byId.get(id));
  });
  const find = cacheLookups(world, { forMs: 1_000, atMost: 10_000 }, ask);
  const findNow = (eventId: number) => {
    find.forget(eventId);
    return find(eventId);
  };
  const existing = (eventId: number, event: EventDescription | undefined) => {
    if (event === undefined) throw new NotFound(`There is no event ${eventId}.`);
    return event;
  };
  return {
    find,
    findNow,
    require: async (eventId) => existing(eventId, await find(eventId)),
    requireNow: async (eventId) => existing(eventId, await findNow(eventId)),
  };
}
