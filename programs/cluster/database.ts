import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { WrongConfiguration } from '../../platform/config.ts';
import { provideFolder } from '../../platform/database/data-folder.ts';
import { lockFolder } from '../../platform/database/lock.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import { findBinaries, NoPostgres } from './postgres-binaries.ts';
import { type PostgresServer, startCluster } from './postgres-server.ts';

/** A PostgreSQL server that this program started, with a database for the services. */
export interface OwnDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

const waysOut = {
  missing:
    'set DATABASE_URL to a PostgreSQL server, or install PostgreSQL, so that initdb and postgres are on the PATH',
  forbidden:
    'when started by root, PostgreSQL runs as the user postgres or nobody, which needs access to the data folder: set DATA_DIR to another folder',
};

export interface OwnDatabaseOptions {
  readonly world: World;
  readonly log: Logger;
  readonly dataFolder: string;
  /** The maximum number of connections that the services open. */
  readonly connections: number;
}

/**
 * Starts a PostgreSQL server on the folder `postgres` in the data folder, creates its cluster if it is missing, and
 * restarts the server when it dies. It listens only on 127.0.0.1, requires the password in the data folder's file
 * `postgres-password`, and flushes each commit to disk.
 * @throws WrongConfiguration when no PostgreSQL can be started; FolderInUse when another process uses the data folder.
 */
export async function openOwnDatabase(options: OwnDatabaseOptions): Promise<OwnDatabase> {
  const { world, log, connections } = options;
  const folder = resolve(options.dataFolder);
  provideFolder(folder);
  const lock = lockFolder(folder);
  try {
    const server = await startCluster({
      world,
      binaries: findBinaries(),
      folder: join(folder, 'postgres'),
      password: passwordIn(join(folder, 'postgres-password'), world),
      settings: { max_connections: String(connections) },
      onDied: () => void startAgain(server, world, log),
    });
    log.info({ service: 'postgres', port: server.port }, `${server.binaries.title} is ready`);
    return {
      url: await createDatabase(server),
      async stop() {
        await server.stop('fast');
        server.binaries.remove();
        lock.release();
      },
    };
  } catch (error) {
    if (!(error instanceof NoPostgres)) throw error;
    const message = error.message.replaceAll(/\s*\n\s*/g, ' ');
    const wayOut = /permission denied/i.test(message) ? waysOut.forbidden : waysOut.missing;
    throw new WrongConfiguration(`${message} (${wayOut})`, { cause: error });
  }
}

async function startAgain(server: PostgresServer, world: World, log: Logger): Promise<void> {
  log.warn({ service: 'postgres' }, 'process died; restarting');
  for (;;) {
    try {
      await server.start();
      log.info({ service: 'postgres' }, 'postgres is ready again');
      return;
    } catch (err) {
      log.error({ service: 'postgres', err }, 'postgres did not start; retrying in 1 s');
      await pause(world, 1_000);
    }
  }
}

/** Reads the password in a file, which is created with mode 0600 if it is missing. */
function passwordIn(file: string, world: World): string {
  if (!existsSync(file)) writeFileSync(file, world.uuid(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Creates the database `startlist` if it is missing. @returns its URI. */
async function createDatabase(server: PostgresServer): Promise<string> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'startlist'");
    if (rowCount === 0) await client.query("create database startlist template template0 encoding 'UTF8'");
  } finally {
    await client.end();
  }
  const url = new URL(server.url);
  url.pathname = '/startlist';
  return url.href;
}
