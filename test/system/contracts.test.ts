import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount } from '../../account/service.ts';
import { createAuth } from '../../auth/service.ts';
import { createBook } from '../../book/service.ts';
import type { Person } from '../../contracts/auth/calls.ts';
import { probes, publicRoutes, routesOf } from '../../contracts/routes.ts';
import { type Service, services } from '../../contracts/services.ts';
import { createEvents } from '../../events/service.ts';
import { healthRoutes } from '../../platform/http/health.ts';
import type { RouteForm } from '../../platform/http/route.ts';
import { createServer, type Server } from '../../platform/http/server.ts';
import { createSessions, type Sessions } from '../../platform/http/sessions.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { isPage, listRoutes } from '../support/routes.ts';
import { withSystem } from '../support/system.ts';

interface Registered {
  readonly address: string;
  /** The definition with which the route was registered. */
  readonly route: RouteForm | undefined;
  /** The response schemas by status. */
  readonly response: unknown;
}

/** The routes that this function registers on a server. */
async function registered(register: (server: Server) => void): Promise<Registered[]> {
  const server = createServer(createLog('silent'));
  const found: Registered[] = [];
  server.addHook('onRoute', ({ method, url, config, schema }) => {
    for (const each of [method].flat().filter((name) => name !== 'HEAD')) {
      if (isPage(`${each} ${url}`)) continue;
      found.push({ address: `${each} ${url}`, route: config?.route, response: schema?.response });
    }
  });
  register(server);
  await server.ready();
  await server.close();
  return found;
}

const addresses = (routes: readonly RouteForm[]) => routes.map(({ method, path }) => `${method} ${path}`).sort();

eachDatabase((_kind, open) => {
  const system = withSystem(open);

  test('each service registers exactly the routes that are defined for it', async () => {
    const { database } = system;
    const world = realWorld();
    const log = createLog('silent');
    const auth = await createAuth({ database, world, log, demo: true });
    const sessions = createSessions<Person>(world, auth.auth.resolve);
    const events = await createEvents({ database, world, log, auditLog: auth.auditLog, people: auth.auth });
    const account = await createAccount({
      database,
      world,
      log,
      demo: true,
      auditLog: auth.auditLog,
      people: auth.auth,
    });
    const participants = { events: events.events, account: account.account };
    const records = { events: events.records, account: account.records };
    const givers = { people: auth.ids, events: events.ids };
    const told = { givers, people: auth.auth, currency: () => account.currency({}), auditLog: auth.auditLog };
    const book = await createBook({ database, world, log, participants, records, ...told, waitMs: 1_000 });
    const all: Record<Service, { routes(server: Server, sessions: Sessions<Person>): void }> = {
      auth,
      events,
      account,
      book,
    };
    for (const service of services) {
      const found = await registered((server) => all[service].routes(server, sessions));
      assert.deepEqual(found.map(({ address }) => address).sort(), addresses(routesOf[service]));
      for (const { address, route } of found) assert.ok(routesOf[service].includes(route as never), address);
    }
    await Promise.all([book.stop(), events.stop(), account.stop()]);
  });

  test('every process has the probes, with the answers that are defined', async () => {
    const found = await registered((server) => healthRoutes(server, () => true));
    assert.deepEqual(found.map(({ address }) => address).sort(), addresses(probes));
    for (const { address, response } of found) {
      const defined = probes.find(({ path }) => address === `GET ${path}`)?.answers[200]?.body;
      assert.deepEqual(response, { 200: defined }, address);
    }
  });

  test('a complete Startlist registers exactly the public routes', () => {
    assert.deepEqual(listRoutes(system.startlist.server).sort(), addresses(publicRoutes));
  });
});
