import { Feed } from '../platform/live/feed.ts';
import type { EventStream } from '../platform/live/sse.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import type { ChangedEvent } from './live-store.ts';
import { detail } from './presenters.ts';
import type { EventsStore } from './store.ts';

/** How often it is looked for what has changed, in milliseconds. */
const everyMs = 200;
/** So many of the newest events are shown to whoever names none. */
const newest = 1_000;
/** The topic of those who watch all. An event's own topic is its id. */
const all = 0;

/**
 * Events as they change: their slots, what their organizers say of them, their cancellation. One statement in a while
 * finds what was written since, for all viewers of this process, whichever process wrote it; it reads nothing but
 * events that someone watches, and no sale waits for it.
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
        // Who begins to watch all is shown all: then it is read as if nothing was known.
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
