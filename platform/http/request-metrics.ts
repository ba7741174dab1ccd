import { entry } from '../collections.ts';
import type { Database } from '../database/database.ts';
import type { Distribution } from '../telemetry/fast-histogram.ts';
import { metricsOf, type Registry } from '../telemetry/metrics.ts';
import type { Server } from './server.ts';

/** Tells how the connections of databases are used, each under its name. */
export function measureDatabases(registry: Registry, databases: Readonly<Record<string, Database>>): void {
  const { gauge } = metricsOf(registry);
  const uses = () =>
    Object.entries(databases).flatMap(([database, { use }]) => (use === undefined ? [] : [{ database, ...use() }]));
  const help = 'Connections to a database that are lent (in_use), or open and idle';
  gauge('database_connections', help, ['database', 'state'], (connections) => {
    for (const { database, inUse, idle } of uses()) {
      connections.set({ database, state: 'in_use' }, inUse);
      connections.set({ database, state: 'idle' }, idle);
    }
  });
  gauge('database_waiting', 'Callers that wait for a connection to a database', ['database'], (waiting) => {
    for (const use of uses()) waiting.set({ database: use.database }, use.waiting);
  });
}

/**
 * Measures every request of a server by the route that it was led to, never by its path: there are as many paths as
 * there are bookings, and a metric for each would end the process.
 */
export function measureRequests(registry: Registry, ...servers: readonly Server[]): void {
  const requests = metricsOf(registry).spread<'method' | 'route' | 'status'>(
    'http_request_duration_seconds',
    'How long requests took, by the pattern of their route; "none" where nothing is',
  );
  const told = new Map<string, Map<string, Map<number, Distribution>>>();
  const of = (method: string, route: string, status: number): Distribution => {
    const ofMethod = entry(told, method, () => new Map<string, Map<number, Distribution>>());
    const ofRoute = entry(ofMethod, route, () => new Map<number, Distribution>());
    return entry(ofRoute, status, () => requests.of({ method, route, status: `${status}` }));
  };
  for (const server of servers) {
    server.addHook('onResponse', (request, reply, done) => {
      const { method, routeOptions } = request;
      of(method, routeOptions.url ?? 'none', reply.statusCode).observe(reply.elapsedTime / 1_000);
      done();
    });
  }
}

/** `GET /metrics`, in the text format of Prometheus. */
export function metricsRoute(server: Server, registry: Registry): void {
  server.get('/metrics', async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
