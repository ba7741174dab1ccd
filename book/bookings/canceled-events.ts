import type { Events } from '../../contracts/events/schemas.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { BookingEngine } from './engine.ts';

/** How often events is asked for slots that are held at canceled events, in milliseconds. */
const everyMs = 1_000;
const pageSize = 500;

/**
 * Cancels the bookings of canceled events. It asks events, page by page, for the slots that are still held there, and
 * cancels their bookings, for as long as there are any. It keeps nothing: a crash anywhere only delays it, and two
 * processes that do the same do no harm.
 */
export class CanceledEvents {
  readonly #engine: BookingEngine;
  readonly #events: Events;
  readonly #world: World;
  readonly #log: Logger;
  #isStopped = false;

  constructor(engine: BookingEngine, events: Events, world: World, log: Logger) {
    this.#engine = engine;
    this.#events = events;
    this.#world = world;
    this.#log = log;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const canceled = await this.#cancelAll();
        if (canceled > 0) this.#log.info({ canceled }, 'bookings of canceled events are being undone');
      } catch (err) {
        // While a participant is away the engine says so; anything else is worth a word.
        if (!(err instanceof Unavailable)) this.#log.error({ err }, 'canceling the bookings of canceled events failed');
      }
      await pause(this.#world, everyMs * (0.9 + this.#world.random() / 5));
    }
  }

  /** One pass over all that is held; answers how many bookings it turned around. */
  async #cancelAll(): Promise<number> {
    let page = { afterEventId: 0, afterBookingId: 0, limit: pageSize };
    for (let canceled = 0; ; ) {
      const held = await this.#events.heldAtCanceled(page);
      const last = held.at(-1);
      if (last === undefined || this.#isStopped) return canceled;
      canceled += await this.#engine.cancelMass(
        held.map(({ bookingId }) => ({ id: bookingId, reason: 'event_canceled' })),
      );
      page = { ...page, afterEventId: last.eventId, afterBookingId: last.bookingId };
    }
  }
}
