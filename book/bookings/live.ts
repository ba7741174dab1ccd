import { Feed } from '../../platform/live/feed.ts';
import type { EventStream } from '../../platform/live/sse.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { registration } from '../registration.ts';
import type { Booking, FullBooking } from './booking-schema.ts';
import type { DetailsStore } from './details-store.ts';
import { presentDetail } from './presenters.ts';
import type { BookStore } from './store.ts';

/** How often it is looked for what other processes moved, in milliseconds. */
const everyMs = 300;
/** So many of a person's newest bookings are shown, and looked at. */
const newest = 10;

/**
 * People's own bookings as they move. What this process moves is read and shown at once, by sets; what others move is
 * found by one statement in a while for all who watch here. Nobody watches: nothing is read, and nothing is kept.
 */
export class LiveBookings {
  readonly #feed: Feed;
  /** Those that were open when they were last shown: an old one may settle elsewhere. */
  readonly #open = new Map<number, number>();

  constructor(store: DetailsStore, world: World, log: Logger) {
    this.#feed = new Feed({
      world,
      log,
      event: 'booking',
      everyMs,
      keep: 100,
      read: async ({ topics: people, fresh, since, keys, isOnlyKeys }) => {
        for (const [id, personId] of this.#open) if (!this.#feed.has(personId)) this.#open.delete(id);
        const ids = isOnlyKeys ? keys : [...new Set([...keys, ...this.#open.keys()])];
        const { upto, bookings } = await store.changed({
          people,
          fresh,
          newest: isOnlyKeys ? 0 : newest,
          since: isOnlyKeys ? undefined : since,
          ids,
        });
        for (const full of bookings) this.#note(full);
        return { upto, shown: bookings.map(shown) };
      },
    });
  }

  watch(stream: EventStream, personId: number): void {
    this.#feed.watch(stream, [personId]);
  }

  /** A store that tells of every booking it stores or moves. */
  watching<Store extends Pick<BookStore, 'insert' | 'move' | 'cancel'>>(store: Store): Store {
    const tell = async <Row extends Booking | undefined>(moved: Promise<Row[]>) => {
      const bookings = await moved;
      this.#feed.touch(bookings.flatMap((each) => (each && this.#feed.has(each.personId) ? [each.id] : [])));
      return bookings;
    };
    return {
      ...store,
      insert: (...asked) => tell(store.insert(...asked)),
      move: (...asked) => tell(store.move(...asked)),
      cancel: (...asked) => tell(store.cancel(...asked)),
    };
  }

  #note({ booking: { id, personId, state } }: FullBooking): void {
    if (registration.isOpen(state)) this.#open.set(id, personId);
    else this.#open.delete(id);
  }
}

const shown = (full: FullBooking) => ({
  topics: [full.booking.personId],
  key: full.booking.id,
  version: full.version,
  data: presentDetail(full, full.booking.personId),
});
