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
import { runProgram, takeNoArguments } from './program.ts';

type Specs = Readonly<Record<string, ValidatorSpec<unknown>>>;

/** A service that runs alone, in a process and with a database of its own. */
export interface ServiceProgram<Env extends Specs> {
  /** Also the prefix of its variable `NAME_DATABASE_URL`, and its folder in `DATA_DIR`. */
  readonly name: string;
  /** What `PORT` and `INTERNAL_PORT` are when they are not set. */
  readonly port: number;
  readonly internalPort: number;
  /** The variables that only this service reads. */
  readonly env: Env;
  open(context: ServiceContext<Env>): Promise<OpenService>;
}

/** What a service is opened with. */
export interface ServiceContext<Env extends Specs> {
  readonly env: CleanedEnv<Env>;
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Who gets in at its public port. */
  readonly edge: Edge;
  /** Where its metrics stand: what every service tells of itself, and whatever it adds. */
  readonly registry: Registry;
  /** The way to a service in another process, at the address of its internal port. */
  ask<Of extends Calls>(calls: Of, url: string): Answers<Of>;
}

/** A service that has been opened: what it answers on each of its two ports, and what it does by itself. */
export interface OpenService {
  public(server: Server): void;
  internal(server: Server): void;
  start?(): void;
  stop?(): Promise<void>;
}

/** The address of another service's internal port. */
export const internalUrl = (url: string) => httpUrl({ default: url });

/** Runs a service alone until it is told to stop. */
export async function runService<Env extends Specs>(program: ServiceProgram<Env>): Promise<void> {
  const { name } = program;
  takeNoArguments(
    `npm run ${name}`,
    `Runs the service ${name} alone. Its settings come from the environment, see docs/reference/settings.md.`,
  );
  const world = realWorld();
  await runProgram(name, world, async () => {
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
    measureRequests(registry, servers.public, servers.internal);
    metricsRoute(servers.internal, registry);
    service.public(servers.public);
    service.internal(servers.internal);
    for (const server of [servers.public, servers.internal]) healthRoutes(server, () => readiness.ask());
    await servers.internal.listen({ host: common.HOST, port: common.INTERNAL_PORT });
    await servers.public.listen({ host: common.HOST, port: common.PORT, backlog });
    service.start?.();
    const ports = { port: portOf(servers.public), internalPort: portOf(servers.internal) };
    log.info(ports, `${name} is ready`);
    notifySupervisor({ listening: ports } satisfies Listening);
    return {
      async stop(signal) {
        log.info({ signal }, 'ending');
        await readiness.drain(common.DRAIN_MS);
        const ends = await Promise.allSettled([service.stop?.(), servers.public.close()]);
        await servers.internal.close();
        await database.close();
        await endTracing();
        // Only now, or those who wait would not be answered.
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
      },
    };
  });
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
    // How long requests are still taken after SIGTERM, while `/ready` says 503: whoever sends them sees that first.
    DRAIN_MS: integer(0, 5_000)({ default: 0 }),
    ...edgeSpecs,
  });
  return { ...env, databaseUrl: (env as Record<string, unknown>)[own] ?? env.DATABASE_URL };
}

async function openDatabase(name: string, common: ReturnType<typeof readCommon>): Promise<Database> {
  const url = common.databaseUrl as string | undefined;
  return url === undefined ? openPglite(join(common.DATA_DIR, name)) : openPostgres(url);
}
