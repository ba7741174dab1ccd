import type { People } from '../../contracts/auth/calls.ts';
import type { Database } from '../../platform/database/database.ts';
import { Cleanup } from '../../platform/idempotency/cleanup.ts';
import type { EventStreams } from '../../platform/live/sse.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import type { EngineLimits } from '../../saga/coordinator/limits.ts';
import type { Observer } from '../../saga/coordinator/observer.ts';
import type { Participants } from '../saga/actions.ts';
import type { Booking } from '../saga/booking-schema.ts';
import type { Subject } from '../subject.ts';
import { type BookingEngine, createBookingEngine, type IdGuard } from './booking-engine.ts';
import { CanceledEvents } from './canceled-events.ts';
import { createBookingKeys } from './create-once.ts';
import { createDetailsStore } from './details-store.ts';
import type { EventCache } from './event-cache.ts';
import { idempotencyStore } from './insert-store.ts';
import { LiveBookings } from './live.ts';
import { readRoutes } from './read-routes.ts';
import type { BookStore } from './store.ts';
import { writeRoutes } from './write-routes.ts';

export interface BookingsParts {
  readonly database: Database;
  readonly store: BookStore;
  readonly eventCache: EventCache;
  readonly streams: EventStreams;
  readonly participants: Participants;
  readonly people: People;
  readonly ids: IdGuard;
  readonly observer: Observer<Booking>;
  readonly world: World;
  readonly log: Logger;
  readonly waitMs: number;
  readonly limits?: Partial<EngineLimits> | undefined;
}

export interface Bookings extends Subject {
  readonly engine: BookingEngine;
}

/** Creates, cancels and shows bookings, and runs their sagas. */
export function createBookings(parts: BookingsParts): Bookings {
  const { database, participants, world, log } = parts;
  const details = createDetailsStore(database);
  const live = new LiveBookings(details, world, log);
  const keys = createBookingKeys(database);
  const engine = createBookingEngine({ ...parts, live });
  const canceledEvents = new CanceledEvents(engine, participants.events, world, log);
  const cleanup = new Cleanup({ database, store: idempotencyStore, world, log });
  return {
    engine,
    routes(server, sessions) {
      writeRoutes(server, { ...parts, keys, engine, sessions });
      readRoutes(server, { ...parts, details, live, sessions });
    },
    start() {
      engine.start();
      canceledEvents.start();
      cleanup.start();
    },
    async stop() {
      canceledEvents.stop();
      await Promise.all([engine.stop(), cleanup.stop()]);
    },
  };
}
