import { after, describe } from 'node:test';
import pg from 'pg';
import type { Database } from '../../../platform/database/database.ts';
import { openPglite } from '../../../platform/database/pglite.ts';
import { openPostgres } from '../../../platform/database/postgres/pool.ts';
import { realWorld } from '../../../platform/world.ts';
import { emptyPglite } from './pglite.ts';
import { startPostgres } from './postgres.ts';

/** The two kinds of database that Startlist runs on. */
export type Kind = 'PGlite' | 'PostgreSQL';

/** Opens a fresh, empty database. It is closed, and gone, when the suite that asked for it has ended. */
export type Open = () => Promise<Database>;

/** A PostgreSQL server for tests, or the reason why there is none. */
export type Server = { readonly url: string } | { readonly missing: string };

/**
 * The PostgreSQL server that tests share: `TEST_DATABASE_URL`, which `npm test` sets, or one of this process's own,
 * so that a single file can be run with `node --test`. Its user must be allowed to create databases.
 */
export const server: Server = await findServer();

/** What `skip` of node:test takes: the reason to skip whatever needs a PostgreSQL server, or `false`. */
export const skipWithoutPostgres: string | false =
  'missing' in server && `PostgreSQL: skipped, because ${server.missing}`;

/**
 * Registers the same suite for both kinds of database. Without a PostgreSQL server its suite is skipped, and the
 * output says so with the reason.
 */
export function eachDatabase(suite: (kind: Kind, open: Open) => void): void {
  describe('PGlite', () => suite('PGlite', opener(openFreshPglite)));
  describe('PostgreSQL', { skip: skipWithoutPostgres }, () => suite('PostgreSQL', opener(openFreshPostgres)));
}

/** An empty database of its own on the shared server, for tests that open it more than once. */
export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database on the shared server. */
export async function createDatabase(): Promise<FreshDatabase> {
  if ('missing' in server) throw new Error(server.missing);
  const name = `startlist_${realWorld().uuid().replaceAll('-', '')}`;
  // template1 can't be copied while anybody is connected to it, and may hold what someone else put there.
  await command(server.url, `create database ${name} template template0 encoding 'UTF8'`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(server.url, `drop database if exists ${name} with (force)`) };
}

/** Wraps `openFresh` so that what it opened is closed at the end of the suite, unless the suite did so itself. */
function opener(openFresh: Open): Open {
  const opened: Database[] = [];
  after(async () => {
    for (const database of opened) await database.close();
  });
  return async () => {
    const database = await openFresh();
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= database.close();
      return closed;
    };
    opened.push({ ...database, close });
    return { ...database, close };
  };
}

async function openFreshPostgres(): Promise<Database> {
  const fresh = await createDatabase();
  const database = openPostgres(fresh.url);
  return {
    ...database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}

async function openFreshPglite(): Promise<Database> {
  return openPglite(undefined, await emptyPglite());
}

async function findServer(): Promise<Server> {
  const url = process.env.TEST_DATABASE_URL ?? '';
  if (url !== '') return { url };
  // The runner has looked already, and says so by the reason.
  const missing = process.env.TEST_DATABASE_MISSING ?? '';
  if (missing !== '') return { missing };
  try {
    const started = await startPostgres();
    after(() => started.remove());
    return { url: started.url };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
