import type { Events } from '../../contracts/events/calls.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { BookingEngine } from './booking-engine.ts';

const everyMs = 1_000;
const pageSize = 500;

/**
 * Cancels the bookings of canceled events. Every second it asks the events service which bookings still hold slots of
 * canceled events, and cancels these bookings. It keeps no state: a crash only delays the cancellations, and any number
 * of processes may do the same work.
 */
export class CanceledEvents {
  readonly #engine: BookingEngine;
  readonly #events: Events;
  readonly #world: World;
  readonly #log: Logger;
  readonly #stopping = new AbortController();

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
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const canceled = await this.#cancelAll();
        if (canceled > 0)
          this.#log.info({ canceled }, 'bookings were canceled because their event was canceled; refunds follow');
      } catch (err) {
        // The engine already logs participants that do not answer.
        if (!(err instanceof Unavailable))
          this.#log.error({ err }, 'could not cancel the bookings of canceled events; retrying');
      }
      await pause(this.#world, everyMs * (0.9 + this.#world.random() / 5), signal);
    }
  }

  /** @returns how many bookings were canceled. */
  async #cancelAll(): Promise<number> {
    let page = { afterEventId: 0, afterBookingId: 0, limit: pageSize };
    for (let canceled = 0; ; ) {
      const held = await this.#events.heldAtCanceled(page);
      const last = held.at(-1);
      if (last === undefined || this.#stopping.signal.aborted) return canceled;
      canceled += await this.#engine.cancelBulk(
        held.map(({ bookingId }) => ({ id: bookingId, reason: 'event_canceled' })),
      );
      page = { ...page, afterEventId: last.eventId, afterBookingId: last.bookingId };
    }
  }
}
