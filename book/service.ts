import type { AuditEntry, AuditLog } from '../contracts/auth/audit.ts';
import type { Person } from '../contracts/auth/calls.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { Sweeper } from '../platform/idempotency/cleanup.ts';
import { EventStreams } from '../platform/live/sse.ts';
import { Outbox } from '../platform/outbox.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { Registry } from '../platform/telemetry/metrics.ts';
import type { World } from '../platform/world.ts';
import { Engine, type EngineLimits } from '../saga/coordinator/engine.ts';
import { type EngineEvents, tellBoth } from '../saga/coordinator/observer.ts';
import { CanceledEvents } from './bookings/canceled-events.ts';
import { createBookingKeys } from './bookings/create-once.ts';
import { createDetailsStore } from './bookings/details-store.ts';
import { createEventCache } from './bookings/event-cache.ts';
import { LiveBookings } from './bookings/live.ts';
import { bookRoutes } from './bookings/routes.ts';
import {
  type Booking,
  type BookingDraft,
  createBookStore,
  idempotencyStore,
  type StepReply,
} from './bookings/store.ts';
import type { Names } from './entrance/attendees.ts';
import { createAttendeesStore } from './entrance/attendees-store.ts';
import { createCheckIns } from './entrance/check-ins.ts';
import { attendeesRoutes } from './entrance/routes.ts';
import { bookingEvents, measureOpen } from './insights/engine-metrics.ts';
import { sagaRoutes } from './insights/routes.ts';
import { SagaFigures } from './insights/saga-figures.ts';
import { createSagaFiguresStore } from './insights/saga-figures-store.ts';
import { createSales } from './insights/sales.ts';
import { createSalesStore } from './insights/sales-store.ts';
import { IdAnnouncer, type IdAnnouncerParts } from './reconciliation/announce-ids.ts';
import type { ParticipantRecords } from './reconciliation/compare.ts';
import { IdRaiser } from './reconciliation/raise-ids.ts';
import { reconciliationRoutes } from './reconciliation/routes.ts';
import { ReconciliationRuns } from './reconciliation/runs.ts';
import { createReconciliationStore } from './reconciliation/store.ts';
import { registration, type Status } from './registration.ts';
import { migrations } from './schema.ts';
import { bookingSteps, type Participants } from './steps.ts';

export interface BookOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  readonly participants: Participants;
  /** What the participants have recorded, for the reconciliation. */
  readonly records: ParticipantRecords;
  /** Who gives the ids of people and of events, and is told which ones are known. */
  readonly givers: IdAnnouncerParts['givers'];
  /** Where is told what was done here. */
  readonly auditLog: AuditLog;
  /** What people are called, as auth knows it. */
  readonly names: Names;
  /** How long an answer waits for its booking to settle, in milliseconds. */
  readonly waitMs: number;
  readonly limits?: Partial<EngineLimits>;
  /** Who else is told what the engine does. */
  readonly events?: EngineEvents;
  /** Where its metrics stand; without one nothing is measured. */
  readonly registry?: Registry | undefined;
}

export interface BookService {
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Begins to take up what an earlier process left open. */
  start(): void;
  /** Takes in nothing new, ends what is under way, and leaves the rest to whoever comes next. */
  stop(): Promise<void>;
}

/** Brings the schema up to date, and opens the service on it. */
export async function createBook(options: BookOptions): Promise<BookService> {
  const {
    database,
    world,
    log,
    participants,
    records,
    givers,
    names,
    auditLog,
    waitMs,
    limits,
    events = {},
    registry,
  } = options;
  await migrate(database, migrations);
  const reconciliation = { store: createReconciliationStore(database), records, names, world };
  const ids = new IdRaiser(reconciliation.store, records, world, log);
  const announcer = new IdAnnouncer({ store: reconciliation.store, records, givers, log, world });
  const outbox = new Outbox<AuditEntry>({
    schema: migrations.schema,
    database,
    world,
    log,
    deliver: (acts) => auditLog.record(acts.map((act) => ({ ...act, service: 'book' }))),
  });
  const store = createBookStore(database, outbox);
  const live = new LiveBookings(createDetailsStore(database), world, log);
  const eventCache = createEventCache(world, participants.events);
  const figures = new SagaFigures(world, store, createSagaFiguresStore(database));
  const watchers = tellBoth(figures.events, tellBoth(logged(log, ids), events));
  const engine = new Engine<Status, Booking, BookingDraft, StepReply>({
    name: 'booking',
    saga: registration,
    store: live.watching({
      ...store,
      insert: (drafts, now, dueAt) => store.insert(drafts, now, dueAt).catch(checkAgain(ids)),
    }),
    world,
    actions: bookingSteps(participants),
    isMass: ({ reason }) => reason === 'event_canceled',
    events: registry ? tellBoth(bookingEvents(registry), watchers) : watchers,
    ...(limits && { limits }),
  });
  if (registry !== undefined) measureOpen(registry, engine, store, world);
  const canceledEvents = new CanceledEvents(engine, participants.events, world, log);
  const sweeper = new Sweeper({ database, table: idempotencyStore, world, log });
  const runs = new ReconciliationRuns({ ...reconciliation, participants, bookings: store, announcer });
  return {
    routes(server, sessions) {
      const streams = new EventStreams(world);
      server.addHook('preClose', async () => streams.close());
      const tickets = createAttendeesStore(database);
      bookRoutes(server, {
        store,
        details: createDetailsStore(database),
        tickets,
        eventCache,
        live,
        streams,
        keys: createBookingKeys(database),
        engine,
        ids,
        sessions,
        world,
        waitMs,
      });
      attendeesRoutes(server, {
        store: tickets,
        checkIns: createCheckIns(database, world, outbox),
        eventCache,
        names,
        sales: createSales(createSalesStore(database), world),
        sessions,
      });
      sagaRoutes(server, { figures, streams, sessions, world, log });
      reconciliationRoutes(server, { runs, sessions, world, audit: (entry) => outbox.write(database, [entry]) });
    },
    start() {
      ids.start();
      announcer.start();
      engine.start();
      canceledEvents.start();
      sweeper.start();
      outbox.start();
    },
    async stop() {
      ids.stop();
      announcer.stop();
      runs.stop();
      canceledEvents.stop();
      await Promise.all([engine.stop(), sweeper.stop()]);
      await outbox.stop();
    },
  };
}

/** A database that failed may come back as a copy that is behind: its ids are looked at before it is used again. */
function checkAgain(ids: IdRaiser): (error: unknown) => never {
  return (error) => {
    ids.check();
    throw error;
  };
}

/** What an operator should read about. */
function logged(log: Logger, ids: IdRaiser): EngineEvents {
  return {
    away(participant, isAway, err) {
      if (participant === 'store') ids.check();
      if (isAway) log.warn({ participant, err }, `${participant} is away: bookings wait for it`);
      else log.info({ participant }, `${participant} is back`);
    },
    moved: (from, to, booking) => log.debug({ booking, from, to }, 'moved'),
    split: (state, size, err) => log.warn({ state, size, err }, 'a set failed and is split'),
    stuck: (booking, state, attempts, err) => log.error({ booking, state, attempts, err }, 'a booking is stuck'),
    recovered: (count) => log.info({ count }, 'bookings that were left open are taken up'),
    failed(err) {
      ids.check();
      log.warn({ err }, 'looking after open bookings failed');
    },
  };
}
