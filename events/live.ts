import { Feed } from '../platform/live/feed.ts';
import type { EventStream } from '../platform/live/response-stream.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import type { ChangedEvent } from './live-store.ts';
import { detail } from './presenters.ts';
import type { EventsStore } from './store.ts';

/** The interval between reads of changes, in milliseconds. */
const everyMs = 200;
/** How many of the newest events are sent to a viewer that names none. */
const newest = 1_000;
/** The topic for the newest events. An event's own topic is its id. */
const all = 0;

/**
 * Streams changes of events: free slots, fields and cancellation. One statement every 200 ms reads the changes by all
 * processes, for all viewers of this process. It reads only watched events, and no sale waits for it.
 */
export class LiveEvents {
  readonly #feed: Feed;

  constructor(store: EventsStore, world: World, log: Logger) {
    this.#feed = new Feed({
      world,
      log,
      event: 'event',
      everyMs,
      keep: newest,
      async read({ topics, fresh, since }) {
        const ids = topics.filter((topic) => topic !== all);
        const isAll = topics.includes(all);
        // A new viewer of the newest events gets all of them, changed or not.
        const from = fresh.includes(all) ? undefined : since;
        const changed = await store.changed({ ids, fresh, newest: isAll ? newest : 0, since: from });
        return { upto: changed.upto, shown: changed.events.map(shown) };
      },
    });
  }

  watch(stream: EventStream, ids: readonly number[] | undefined): void {
    this.#feed.watch(stream, ids ?? [all]);
  }
}

const shown = (event: ChangedEvent) => ({
  topics: event.isNewest ? [event.id, all] : [event.id],
  key: event.id,
  version: event.version,
  data: detail(event),
});
