import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Auth } from '../../contracts/auth/calls.ts';
import type { Database } from '../../platform/database/database.ts';
import type { OutboxWriter } from '../../platform/outbox.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import type { BookStore } from '../bookings/store.ts';
import type { Participants } from '../saga/actions.ts';
import type { Subject } from '../subject.ts';
import { IdAnnouncer, type IdAnnouncerParts } from './announce-ids.ts';
import { IdRaiser } from './raise-ids.ts';
import { reconciliationRoutes } from './routes.ts';
import { ReconciliationRuns } from './runs.ts';
import { createReconciliationStore } from './store.ts';
import type { ParticipantRecords } from './walks.ts';

export interface ReconciliationParts {
  readonly database: Database;
  readonly bookings: BookStore;
  readonly participants: Participants;
  readonly records: ParticipantRecords;
  readonly givers: IdAnnouncerParts['givers'];
  readonly names: Auth['names'];
  readonly auditLog: OutboxWriter<AuditEntry>;
  readonly world: World;
  readonly log: Logger;
}

export interface Reconciliation extends Subject {
  readonly ids: IdRaiser;
}

/** Compares and repairs the records of all services, and keeps new ids above all known ones. */
export function createReconciliation(parts: ReconciliationParts): Reconciliation {
  const { database, records, auditLog, world, log } = parts;
  const store = createReconciliationStore(database);
  const ids = new IdRaiser(store, records, world, log);
  const announcer = new IdAnnouncer({ ...parts, store });
  const runs = new ReconciliationRuns({ ...parts, store, announcer });
  return {
    ids,
    routes(server, sessions) {
      reconciliationRoutes(server, { runs, sessions, world, audit: (entry) => auditLog.write(database, [entry]) });
    },
    start() {
      ids.start();
      announcer.start();
    },
    stop() {
      ids.stop();
      announcer.stop();
      runs.stop();
    },
  };
}
