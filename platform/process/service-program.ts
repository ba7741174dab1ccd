import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type CleanedEnv, str, type ValidatorSpec } from 'envalid';
import { httpUrl, integer, port, postgresUrl, readEnvironment } from '../config.ts';
import type { Database } from '../database/database.ts';
import { traceDatabase } from '../database/database-tracing.ts';
import { openPglite } from '../database/pglite.ts';
import { openPostgres } from '../database/postgres/pool.ts';
import { backlog } from '../http/edge/connection-limits.ts';
import { type Edge, edgeOf, edgeSpecs } from '../http/edge/edge.ts';
import { healthRoutes } from '../http/health.ts';
import { Readiness } from '../http/readiness.ts';
import { measureDatabases, measureRequests, metricsRoute } from '../http/request-metrics.ts';
import { createServer, type Server } from '../http/server.ts';
import type { Answers, Calls } from '../rpc/call.ts';
import { askRemotely } from '../rpc/client.ts';
import { createInternalServer } from '../rpc/server.ts';
import { sentToken, serviceToken } from '../rpc/service-token.ts';
import { createLog, type Logger, logLevelSpec } from '../telemetry/log.ts';
import { createRegistry, type Registry } from '../telemetry/metrics.ts';
import { openTracing, traceSpecs } from '../telemetry/start.ts';
import { realWorld, type World } from '../world.ts';
import { type Listening, notifySupervisor } from './ipc.ts';
import { requireFree } from './ports.ts';
import { type Running, runProgram, takeNoArguments } from './program.ts';

type Specs = Readonly<Record<string, ValidatorSpec<unknown>>>;

/** A service that runs in its own process with its own database. */
export interface ServiceProgram<Env extends Specs> {
  /** The name of the service, also of its folder in `DATA_DIR`, and the prefix of `NAME_DATABASE_URL`. */
  readonly name: string;
  /** The defaults of `PORT` and `INTERNAL_PORT`. */
  readonly port: number;
  readonly internalPort: number;
  /** The variables that only this service reads. */
  readonly env: Env;
  open(context: ServiceContext<Env>): Promise<OpenService>;
}

/** The dependencies of a service. */
export interface ServiceContext<Env extends Specs> {
  readonly env: CleanedEnv<Env>;
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Edge protection of the public port. */
  readonly edge: Edge;
  /** The metrics registry, with the metrics that all services share. */
  readonly registry: Registry;
  /** Creates a client of another service, at the URL of its internal port. */
  ask<Of extends Calls>(calls: Of, url: string): Answers<Of>;
}

/** An opened service: the routes of its two ports, and its background work. */
export interface OpenService {
  public(server: Server): void;
  internal(server: Server): void;
  start?(): void;
  stop?(): Promise<void>;
}

/** A variable for the URL of another service's internal port. */
export const internalUrl = (url: string) => httpUrl({ default: url });

/** Runs a service in a process of its own until SIGINT or SIGTERM. */
export async function runService<Env extends Specs>(program: ServiceProgram<Env>): Promise<void> {
  const { name } = program;
  takeNoArguments(
    `npm run ${name}`,
    `Runs the service ${name} alone. Its settings come from the environment, see docs/reference/settings.md.`,
  );
  const world = realWorld();
  await runProgram(name, world, () => startService(program, world));
}

async function startService<Env extends Specs>(program: ServiceProgram<Env>, world: World): Promise<Running> {
  const { name } = program;
  const common = readCommon(program);
  const env = readEnvironment(process.env, program.env) as CleanedEnv<Env>;
  for (const port of [common.PORT, common.INTERNAL_PORT]) await requireFree(port, common.HOST);
  const log = createLog(common.LOG_LEVEL).child({ service: name });
  const endTracing = await openTracing(name, world, log);
  const database = traceDatabase(await openDatabase(name, common));
  const remote = { serviceToken: sentToken(common.SERVICE_TOKEN), world };
  const ask = <Of extends Calls>(calls: Of, url: string) => askRemotely(calls, { ...remote, url });
  const registry = createRegistry();
  measureDatabases(registry, { [name]: database });
  const edge = edgeOf(common);
  const service = await program.open({ env, database, world, log, edge, registry, ask });
  const readiness = new Readiness(world);
  const servers = {
    public: createServer(log, { edge, world }),
    internal: createInternalServer(log, common.SERVICE_TOKEN),
  };
  addRoutes(servers, service, { registry, readiness });
  const ports = await listen(servers, common);
  service.start?.();
  log.info(ports, `${name} is ready`);
  notifySupervisor({ listening: ports } satisfies Listening);
  return {
    async stop(signal) {
      log.info({ signal }, `${name} is stopping`);
      await readiness.drain(common.DRAIN_MS);
      const outcomes = await Promise.allSettled([service.stop?.(), servers.public.close()]);
      await servers.internal.close();
      await database.close();
      await endTracing();
      // A failure is rethrown last, after waiting requests have been answered and everything has been closed.
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
  };
}

interface Servers {
  readonly public: Server;
  readonly internal: Server;
}

function addRoutes(
  servers: Servers,
  service: OpenService,
  { registry, readiness }: { readonly registry: Registry; readonly readiness: Readiness },
): void {
  measureRequests(registry, servers.public, servers.internal);
  metricsRoute(servers.internal, registry);
  service.public(servers.public);
  service.internal(servers.internal);
  for (const server of [servers.public, servers.internal]) healthRoutes(server, () => readiness.ask());
}

async function listen(servers: Servers, common: ReturnType<typeof readCommon>): Promise<Listening['listening']> {
  await servers.internal.listen({ host: common.HOST, port: common.INTERNAL_PORT });
  await servers.public.listen({ host: common.HOST, port: common.PORT, backlog });
  return { port: portOf(servers.public), internalPort: portOf(servers.internal) };
}

function portOf({ server }: Server): number {
  return (server.address() as AddressInfo).port;
}

function readCommon({ name, port: publicPort, internalPort }: ServiceProgram<Specs>) {
  const own = `${name.toUpperCase()}_DATABASE_URL`;
  const env = readEnvironment(process.env, {
    PORT: port({ default: publicPort }),
    INTERNAL_PORT: port({ default: internalPort }),
    HOST: str({ default: '127.0.0.1' }),
    DATA_DIR: str({ default: './data' }),
    DATABASE_URL: postgresUrl({ default: undefined }),
    [own]: postgresUrl({ default: undefined }),
    SERVICE_TOKEN: serviceToken({ desc: 'the secret that the services share' }),
    LOG_LEVEL: logLevelSpec,
    ...traceSpecs,
    // How long requests are still accepted after SIGTERM. `/ready` returns 503 meanwhile, so that load balancers
    // notice.
    DRAIN_MS: integer(0, 5_000)({ default: 0 }),
    ...edgeSpecs,
  });
  return { ...env, databaseUrl: (env as Record<string, unknown>)[own] ?? env.DATABASE_URL };
}

async function openDatabase(name: string, common: ReturnType<typeof readCommon>): Promise<Database> {
  const url = common.databaseUrl as string | undefined;
  return url === undefined ? openPglite(join(common.DATA_DIR, name)) : openPostgres(url);
}
