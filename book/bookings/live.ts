import { Feed } from '../../platform/live/feed.ts';
import type { EventStream } from '../../platform/live/response-stream.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga } from '../saga/table.ts';
import type { DetailsStore } from './details-store.ts';
import { isOwnedBy, presentDetail } from './presenters.ts';
import type { FullBooking } from './row-schema.ts';
import type { BookStore } from './store.ts';

/** The interval between queries for changes by other processes, in milliseconds. */
const everyMs = 300;
/** How many of a person's newest bookings are shown and watched. */
const newest = 10;

/**
 * Streams people's bookings as they change state. Changes by this process are read and sent at once, in batches.
 * Changes by other processes are found by one query every 300 ms for all viewers. Without viewers, nothing is read or
 * kept.
 */
export class LiveBookings {
  readonly #feed: Feed;
  /**
   * The person id of each booking that was open when last shown. Such a booking is read even when it is not among the
   * newest ten, because another process may settle it.
   */
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

  /** Wraps a store so that every booking that it inserts or moves reaches the viewers. */
  watching<Store extends Pick<BookStore, 'insert' | 'move' | 'cancel'>>(store: Store): Store {
    const touch = async <Row extends Booking | undefined>(moved: Promise<Row[]>) => {
      const bookings = await moved;
      this.#feed.touch(bookings.flatMap((each) => (each && this.#feed.has(each.personId) ? [each.id] : [])));
      return bookings;
    };
    return {
      ...store,
      insert: (...args) => touch(store.insert(...args)),
      move: (...args) => touch(store.move(...args)),
      cancel: (...args) => touch(store.cancel(...args)),
    };
  }

  #note({ booking: { id, personId, state } }: FullBooking): void {
    if (bookingSaga.isOpen(state)) this.#open.set(id, personId);
    else this.#open.delete(id);
  }
}

const shown = (full: FullBooking) => ({
  topics: [full.booking.personId],
  key: full.booking.id,
  version: full.version,
  data: presentDetail(full, isOwnedBy(full.booking, full.booking.personId)),
});
