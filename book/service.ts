import type { Currency } from '../contracts/account/schemas.ts';
import type { AuditEntry, AuditLog } from '../contracts/auth/audit.ts';
import type { People, Person } from '../contracts/auth/calls.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { EventStreams } from '../platform/live/sse.ts';
import { Outbox } from '../platform/outbox.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { Registry } from '../platform/telemetry/metrics.ts';
import type { World } from '../platform/world.ts';
import type { EngineLimits } from '../saga/coordinator/limits.ts';
import { type Observer, observeBoth } from '../saga/coordinator/observer.ts';
import { createBookings } from './bookings/bookings.ts';
import { createEventCache } from './bookings/event-cache.ts';
import { createBookStore } from './bookings/store.ts';
import { createEntrance } from './entrance/entrance.ts';
import { measureOpen } from './insights/engine-metrics.ts';
import { createInsights } from './insights/insights.ts';
import type { IdAnnouncerParts } from './reconciliation/announce-ids.ts';
import { createReconciliation } from './reconciliation/reconciliation.ts';
import type { ParticipantRecords } from './reconciliation/walks.ts';
import type { Participants } from './saga/actions.ts';
import { migrations } from './schema.ts';
import type { Subject } from './subject.ts';

export interface BookOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  readonly participants: Participants;
  /** The participants' records, for reconciliation. */
  readonly records: ParticipantRecords;
  /** The services that assign ids to people and events. */
  readonly givers: IdAnnouncerParts['givers'];
  /** The audit log. */
  readonly auditLog: AuditLog;
  /** Names people, and finds them by login. */
  readonly people: People;
  /** How amounts are shown, from account. */
  readonly currency: () => Promise<Currency>;
  /** How long a response waits for its booking to settle, in milliseconds. */
  readonly waitMs: number;
  readonly limits?: Partial<EngineLimits>;
  /** An additional observer of the engine. */
  readonly events?: Observer;
  /** Without a registry there are no metrics. */
  readonly registry?: Registry | undefined;
}

export interface BookService {
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Starts background work, and recovers the bookings that an earlier process left open. */
  start(): void;
  /** Accepts nothing new, finishes what is in progress, and leaves the other open bookings to the next process. */
  stop(): Promise<void>;
}

/** Migrates the schema, and creates the service. */
export async function createBook(options: BookOptions): Promise<BookService> {
  await migrate(options.database, migrations);
  const subjects = createSubjects(options);
  return {
    routes(server, sessions) {
      for (const subject of subjects) subject.routes?.(server, sessions);
    },
    start() {
      for (const subject of subjects) subject.start?.();
    },
    async stop() {
      for (const subject of subjects) await subject.stop?.();
    },
  };
}

/**
 * Creates the subjects of the service, in the order in which they start and stop. Reconciliation stops first because it
 * reopens bookings. The outbox stops last because bookings write to it until their engine has stopped.
 */
function createSubjects({ auditLog, limits, events = {}, registry, ...options }: BookOptions): Subject[] {
  const { database, world, log, participants } = options;
  const { names } = options.people;
  const outbox = new Outbox<AuditEntry>({
    schema: migrations.schema,
    database,
    world,
    log,
    deliver: (entries) => auditLog.record(entries.map((entry) => ({ ...entry, service: 'book' }))),
  });
  const store = createBookStore(database, outbox);
  const streams = new EventStreams(world);
  const eventCache = createEventCache(world, participants.events);
  const reconciliation = createReconciliation({ ...options, names, bookings: store, auditLog: outbox });
  const insights = createInsights({ database, store, streams, world, log, registry });
  const observer = observeBoth(insights.observer, events);
  const { ids } = reconciliation;
  const bookings = createBookings({ ...options, store, eventCache, streams, ids, observer, limits });
  if (registry !== undefined) measureOpen(registry, bookings.engine, store, world);
  const entrance = createEntrance({ ...options, names, eventCache, sales: insights.sales, auditLog: outbox });
  return [reconciliation, bookings, insights, entrance, closing(streams), delivering(outbox)];
}

function closing(streams: EventStreams): Subject {
  return { routes: (server) => void server.addHook('preClose', async () => streams.close()) };
}

function delivering(outbox: Outbox<AuditEntry>): Subject {
  return { start: () => outbox.start(), stop: () => outbox.stop() };
}
