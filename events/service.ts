import type { AuditEntry, AuditLog } from '../contracts/auth/audit.ts';
import type { Person } from '../contracts/auth/calls.ts';
import { type Events, eventsCalls } from '../contracts/events/schemas.ts';
import type { IdGiver } from '../contracts/ids.ts';
import { type EventsRecords, eventsRecordCalls } from '../contracts/records.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Identity } from '../platform/database/sequence.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { Sweeper } from '../platform/idempotency/cleanup.ts';
import { EventStreams } from '../platform/live/sse.ts';
import { Outbox } from '../platform/outbox.ts';
import { answering } from '../platform/rpc/call.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import { LiveEvents } from './live.ts';
import { createEventsParticipant } from './participant.ts';
import { createEventsRecords } from './records-store.ts';
import { eventsRoutes } from './routes.ts';
import { answers, createEventsStore, migrations } from './store.ts';

export interface EventsService {
  /** What book asks of it. */
  readonly events: Events;
  /** What a reconciliation asks of it. */
  readonly records: EventsRecords;
  /** Where it is told which events others know. */
  readonly ids: IdGiver;
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Begins to forget the answers to old idempotency keys, and to tell what was done. */
  start(): void;
  stop(): Promise<void>;
}

export interface EventsOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Where is told what was done here. */
  readonly auditLog: AuditLog;
}

/** Brings the schema up to date, and opens the service on it. */
export async function createEvents({ database, world, log, auditLog }: EventsOptions): Promise<EventsService> {
  await migrate(database, migrations);
  const outbox = new Outbox<AuditEntry>({
    schema: migrations.schema,
    database,
    world,
    log,
    deliver: (acts) => auditLog.record(acts.map((act) => ({ ...act, service: 'events' }))),
  });
  const store = createEventsStore(database, outbox);
  const live = new LiveEvents(store, world, log);
  const identity = new Identity(`${migrations.schema}.event`);
  const sweeper = new Sweeper({ database, table: answers, world, log });
  return {
    events: answering(eventsCalls, createEventsParticipant(store, world)),
    records: answering(eventsRecordCalls, createEventsRecords(database)),
    ids: {
      async raiseIds({ known }) {
        const raised = await identity.raise(database, known);
        return raised ? { raised } : {};
      },
    },
    routes(server, sessions) {
      eventsRoutes(server, { store, live, streams: new EventStreams(world), sessions, world });
    },
    start() {
      sweeper.start();
      outbox.start();
    },
    async stop() {
      await Promise.all([sweeper.stop(), outbox.stop()]);
    },
  };
}
