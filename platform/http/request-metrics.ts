import { entry } from '../collections.ts';
import type { Database } from '../database/database.ts';
import type { Distribution } from '../telemetry/fast-histogram.ts';
import { metricsOf, type Registry } from '../telemetry/metrics.ts';
import type { Server } from './server.ts';

/** Reports the connections of each database, by name. */
export function measureDatabases(registry: Registry, databases: Readonly<Record<string, Database>>): void {
  const { gauge } = metricsOf(registry);
  const uses = () =>
    Object.entries(databases).flatMap(([database, { use }]) => (use === undefined ? [] : [{ database, ...use() }]));
  const help = 'Open connections to a database: in use, or idle';
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
 * Measures every request by method, route pattern and status. The path itself is not a label: there are as many paths
 * as bookings, and a series for each path would exhaust the memory.
 */
export function measureRequests(registry: Registry, ...servers: readonly Server[]): void {
  const requests = metricsOf(registry).fastHistogram<'method' | 'route' | 'status'>(
    'http_request_duration_seconds',
    'Duration of requests by route pattern; "none" for unknown paths',
  );
  const series = new Map<string, Map<string, Map<number, Distribution>>>();
  const distributionOf = (method: string, route: string, status: number): Distribution => {
    const ofMethod = entry(series, method, () => new Map<string, Map<number, Distribution>>());
    const ofRoute = entry(ofMethod, route, () => new Map<number, Distribution>());
    return entry(ofRoute, status, () => requests.with({ method, route, status: `${status}` }));
  };
  for (const server of servers) {
    server.addHook('onResponse', (request, reply, done) => {
      const { method, routeOptions } = request;
      distributionOf(method, routeOptions.url ?? 'none', reply.statusCode).observe(reply.elapsedTime / 1_000);
      done();
    });
  }
}

/** Adds `GET /metrics`, in the text format of Prometheus. */
export function metricsRoute(server: Server, registry: Registry): void {
  server.get('/metrics', async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
