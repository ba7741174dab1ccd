import type { AuditEntry, AuditLog } from '../contracts/auth/audit.ts';
import type { People, Person } from '../contracts/auth/calls.ts';
import { type Events, eventsCalls } from '../contracts/events/calls.ts';
import type { IdGiver } from '../contracts/ids.ts';
import { type EventsRecords, eventsRecordCalls } from '../contracts/records.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Sequence } from '../platform/database/sequence.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { Cleanup } from '../platform/idempotency/cleanup.ts';
import { EventStreams } from '../platform/live/sse.ts';
import { Outbox } from '../platform/outbox.ts';
import { answering } from '../platform/rpc/call.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import { helpersRoutes } from './helpers-routes.ts';
import { LiveEvents } from './live.ts';
import { createEventsParticipant } from './participant.ts';
import { createEventsRecords } from './reconciliation-store.ts';
import { eventsRoutes } from './routes.ts';
import { createEventsStore, idempotencyStore, migrations } from './store.ts';

export interface EventsService {
  /** The calls that book makes. */
  readonly events: Events;
  /** The records for a reconciliation. */
  readonly records: EventsRecords;
  /** Receives the highest event id that another service knows. */
  readonly ids: IdGiver;
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Starts the cleanup of old idempotency keys and the delivery of audit log entries. */
  start(): void;
  stop(): Promise<void>;
}

export interface EventsOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  readonly auditLog: AuditLog;
  /** Finds the people whom organizers name. */
  readonly people: People;
}

/** Migrates the schema and opens the service. */
export async function createEvents({ database, world, log, auditLog, people }: EventsOptions): Promise<EventsService> {
  await migrate(database, migrations);
  const outbox = new Outbox<AuditEntry>({
    schema: migrations.schema,
    database,
    world,
    log,
    deliver: (entries) => auditLog.record(entries.map((entry) => ({ ...entry, service: 'events' }))),
  });
  const store = createEventsStore(database, outbox);
  const live = new LiveEvents(store, world, log);
  const sequence = new Sequence(`${migrations.schema}.event`);
  const cleanup = new Cleanup({ database, store: idempotencyStore, world, log });
  return {
    events: answering(eventsCalls, createEventsParticipant(store, world)),
    records: answering(eventsRecordCalls, createEventsRecords(database)),
    ids: {
      async raiseIds({ known }) {
        const raised = await sequence.raise(database, known);
        return raised ? { raised } : {};
      },
    },
    routes(server, sessions) {
      helpersRoutes(server, { store, people, sessions, world });
      eventsRoutes(server, { store, live, streams: new EventStreams(world), sessions, world });
    },
    start() {
      cleanup.start();
      outbox.start();
    },
    async stop() {
      await Promise.all([cleanup.stop(), outbox.stop()]);
    },
  };
}
