import { createAccount } from '../../account/service.ts';
import { type AuthOptions, createAuth, type SessionTimes } from '../../auth/service.ts';
import { createBook } from '../../book/service.ts';
import type { Currency } from '../../contracts/account/schemas.ts';
import type { Person } from '../../contracts/auth/calls.ts';
import type { Service } from '../../contracts/services.ts';
import { createEvents } from '../../events/service.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Edge } from '../../platform/http/edge/edge.ts';
import { healthRoutes } from '../../platform/http/health.ts';
import { measureRequests } from '../../platform/http/request-metrics.ts';
import { createServer, type Server } from '../../platform/http/server.ts';
import { createSessions } from '../../platform/http/sessions.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { Registry } from '../../platform/telemetry/metrics.ts';
import type { World } from '../../platform/world.ts';
import type { EngineLimits } from '../../saga/coordinator/limits.ts';
import type { Observer } from '../../saga/coordinator/observer.ts';
import { pageRoutes } from '../../web/files.ts';

export interface StartlistOptions {
  readonly databases: Readonly<Record<Service, Database>>;
  readonly world: World;
  readonly log: Logger;
  readonly demo: boolean;
  readonly adminPassword?: string | undefined;
  /** What amounts mean to the eye; points where it is left out. */
  readonly currency?: Currency;
  readonly bookWaitMs: number;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: Observer;
  /** Where metrics stand; without one nothing is measured. */
  readonly registry?: Registry | undefined;
  /** How long sessions last; without it a week, and a day without being used. */
  readonly sessionTimes?: SessionTimes;
  /** What hashes passwords; argon2 without it. */
  readonly hashing?: NonNullable<AuthOptions['hashing']>;
  /** Who gets in; without it all of our own origin do, as often as they like. */
  readonly edge?: Edge;
  /** Whether the pages are served, too, where they have been built. */
  readonly pages?: boolean;
}

/** All four services behind one port. */
export interface Startlist {
  readonly server: Server;
  /** Answers those who wait, ends what is under way, and closes the port. */
  stop(): Promise<void>;
}

/** Opens all four services in this process: they call each other directly, with no HTTP between them. */
export async function createStartlist(options: StartlistOptions): Promise<Startlist> {
  const { databases, world, log, demo, adminPassword, currency, bookWaitMs, limits, registry } = options;
  const { edge = { origins: [] } } = options;
  const auth = await createAuth({
    database: databases.auth,
    world,
    log,
    demo,
    ...(adminPassword !== undefined && { adminPassword }),
    ...(options.sessionTimes && { sessionTimes: options.sessionTimes }),
    ...(options.hashing && { hashing: options.hashing }),
    rates: edge.rates,
  });
  const events = await createEvents({ database: databases.events, world, log, auditLog: auth.auditLog });
  const account = await createAccount({
    database: databases.account,
    world,
    log,
    demo,
    auditLog: auth.auditLog,
    people: auth.auth,
    ...(currency && { currency }),
  });
  const book = await createBook({
    database: databases.book,
    world,
    log,
    participants: { events: events.events, account: account.account },
    records: { events: events.records, account: account.records },
    givers: { people: auth.ids, events: events.ids },
    auditLog: auth.auditLog,
    names: auth.auth.names,
    waitMs: bookWaitMs,
    registry,
    ...(limits && { limits }),
    ...(options.events && { events: options.events }),
  });
  const sessions = createSessions<Person>(world, auth.auth.resolve);
  const server = createServer(log, { edge, world });
  if (registry !== undefined) measureRequests(registry, server);
  let isReady = true;
  for (const service of [auth, events, account, book]) service.routes(server, sessions);
  healthRoutes(server, () => isReady);
  if (options.pages && !pageRoutes(server)) log.info('pages are not built; run npm run build:web');
  for (const service of [events, account, book]) service.start();
  return {
    server,
    async stop() {
      isReady = false;
      const ends = await Promise.allSettled([book.stop(), events.stop(), account.stop(), server.close()]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}
