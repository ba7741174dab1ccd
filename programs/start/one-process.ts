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
  /** How amounts are displayed; points by default. */
  readonly currency?: Currency;
  readonly bookWaitMs: number;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: Observer;
  /** The metrics registry; without one nothing is measured. */
  readonly registry?: Registry | undefined;
  /** The lifetime of sessions; by default a week, and a day when idle. */
  readonly sessionTimes?: SessionTimes;
  /** The password hashing; argon2 by default. */
  readonly hashing?: NonNullable<AuthOptions['hashing']>;
  /** Edge protection. By default: same origin only, no rate limits. */
  readonly edge?: Edge;
  /** Whether to serve the pages, if they have been built. */
  readonly pages?: boolean;
}

/** All four services behind one port. */
export interface Startlist {
  readonly server: Server;
  /** Answers waiting requests, finishes calls in flight, and closes the port. */
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
  const events = await createEvents({
    database: databases.events,
    world,
    log,
    auditLog: auth.auditLog,
    people: auth.auth,
  });
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
    people: auth.auth,
    currency: () => account.currency({}),
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
