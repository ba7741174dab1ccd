import { join } from 'node:path';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { requireFree } from '../../platform/process/ports.ts';
import { runProgram } from '../../platform/process/program.ts';
import { createLog, type Logger, openLogOutput } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { addressToOpen, banner } from '../start/banner.ts';
import { type AppConfig, readAppConfig, requireAdminPassword } from '../start/config.ts';
import { demoPeopleIn, lookAtPeople, requireAdmin } from '../start/people.ts';
import { readArguments, usage, WrongArguments } from './arguments.ts';
import { type OwnDatabase, openOwnDatabase } from './database.ts';
import { Supervisor } from './supervisor.ts';

/** The time limit of an orderly shutdown, first of the services and then of the database, in milliseconds. */
const endWithinMs = 13_000;
/** Database connections reserved for each process: it opens 10, and one more while it starts. */
const connectionsOfEach = 12;

function replicasOrEnd(): number {
  try {
    const { replicas, help } = readArguments(process.argv.slice(2));
    if (!help) return replicas;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    console.error(`npm run services: ${error.message} (npm run services -- --replicas 2)`);
    process.exit(2);
  }
}

/** Fails early when a database does not answer: otherwise every process would try to connect forever. */
async function requireAnswering(urls: AppConfig['databaseUrls']): Promise<void> {
  for (const url of new Set(Object.values(urls))) {
    if (url === undefined) continue;
    const database = openPostgres(url, 1);
    await database.query('select 1').finally(() => database.close());
  }
}

/** Starts one shared database for the services that have no database URL. */
async function provideDatabase(config: AppConfig, replicas: number, log: Logger): Promise<OwnDatabase | undefined> {
  if (Object.values(config.databaseUrls).every((url) => url !== undefined)) return undefined;
  const connections = 20 + 4 * replicas * connectionsOfEach;
  return openOwnDatabase({ world, log, dataFolder: config.dataFolder, connections });
}

const replicas = replicasOrEnd();
const world = realWorld();

await runProgram(
  'Startlist',
  world,
  async () => {
    const config = readAppConfig(process.env);
    requireAdminPassword(config, 'postgres');
    await requireFree(config.port, config.host);
    const output = openLogOutput();
    const log = createLog(config.logLevel, output);
    await requireAnswering(config.databaseUrls);
    const database = await provideDatabase(config, replicas, log);
    const authUrl = config.databaseUrls.auth ?? database?.url ?? '';
    await requireAdmin(config, authUrl, world).catch(async (error) => {
      await database?.stop();
      throw error;
    });
    const environment = {
      ...process.env,
      SERVICE_TOKEN: process.env.SERVICE_TOKEN || world.uuid(),
      ...(database !== undefined && { DATABASE_URL: database.url }),
    };
    const { host, port } = config;
    const supervisor = new Supervisor({ world, log, output, replicas, host, port, environment });
    process.on('exit', () => supervisor.kill());
    void supervisor.start().then(async (publicPort) => {
      const own = `${join(config.dataFolder, 'postgres')} (its own PostgreSQL server)`;
      const whereData = database === undefined ? 'PostgreSQL' : own;
      const demoPeople = config.demo ? await demoPeopleIn(() => lookAtPeople(authUrl, world), log) : undefined;
      process.stdout.write(banner(addressToOpen(host, publicPort), { demoPeople, whereData }));
    });
    return {
      async stop(signal) {
        log.info({ signal }, 'shutting down');
        await supervisor.stop();
        await database?.stop();
      },
    };
  },
  endWithinMs,
);
