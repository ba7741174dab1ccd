import type { Database } from '../../platform/database/database.ts';
import type { EventStreams } from '../../platform/live/sse.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { Registry } from '../../platform/telemetry/metrics.ts';
import type { World } from '../../platform/world.ts';
import { type Observer, observeBoth } from '../../saga/coordinator/observer.ts';
import type { BookStore } from '../bookings/store.ts';
import type { Booking } from '../saga/booking-schema.ts';
import type { Subject } from '../subject.ts';
import { bookingEvents } from './engine-metrics.ts';
import { sagaRoutes } from './routes.ts';
import { SagaFigures } from './saga-figures.ts';
import { createSagaFiguresStore } from './saga-figures-store.ts';
import { createSales, type SalesSoFar } from './sales.ts';
import { createSalesStore } from './sales-store.ts';

export interface InsightsParts {
  readonly database: Database;
  readonly store: BookStore;
  readonly streams: EventStreams;
  readonly world: World;
  readonly log: Logger;
  readonly registry: Registry | undefined;
}

export interface Insights extends Subject {
  /** Receives the events of the engine. */
  readonly observer: Observer<Booking>;
  sales(eventId: number): Promise<SalesSoFar>;
}

/** Shows how the saga runs and how events sell. */
export function createInsights({ database, store, streams, world, log, registry }: InsightsParts): Insights {
  const figures = new SagaFigures(world, store, createSagaFiguresStore(database));
  return {
    observer: registry ? observeBoth(bookingEvents(registry), figures.events) : figures.events,
    sales: createSales(createSalesStore(database), world),
    routes: (server, sessions) => sagaRoutes(server, { figures, streams, sessions, world, log }),
  };
}
