import type { Currency } from '../../contracts/account/schemas.ts';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import { cacheLookups } from '../../platform/cache.ts';
import type { Database } from '../../platform/database/database.ts';
import type { OutboxWriter } from '../../platform/outbox.ts';
import type { World } from '../../platform/world.ts';
import type { EventCache } from '../bookings/event-cache.ts';
import type { SalesSoFar } from '../insights/sales.ts';
import type { Subject } from '../subject.ts';
import type { Names } from './attendees.ts';
import { createAttendeesStore } from './attendees-store.ts';
import { createCheckIns } from './check-ins.ts';
import { attendeesRoutes } from './routes.ts';

export interface EntranceParts {
  readonly database: Database;
  readonly eventCache: EventCache;
  readonly names: Names;
  readonly sales: (eventId: number) => Promise<SalesSoFar>;
  /** How amounts are shown, from account. */
  readonly currency: () => Promise<Currency>;
  readonly auditLog: OutboxWriter<AuditEntry>;
  readonly world: World;
}

/** Lists attendees and checks them in, for organizers. */
export function createEntrance({ database, auditLog, world, ...parts }: EntranceParts): Subject {
  const store = createAttendeesStore(database);
  const checkIns = createCheckIns(database, world, auditLog);
  // The currency changes only when account is restarted with other settings.
  const currency = cacheLookups(world, { forMs: 60_000, atMost: 1 }, (_: undefined) => parts.currency());
  const ofRoutes = { ...parts, store, checkIns, currency: () => currency(undefined) };
  return {
    routes: (server, sessions) => attendeesRoutes(server, { ...ofRoutes, sessions }),
  };
}
