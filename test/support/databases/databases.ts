import { after, describe } from 'node:test';
import type { Database } from '../../../platform/database/database.ts';
import { openPglite } from '../../../platform/database/pglite.ts';
import { openPostgres } from '../../../platform/database/postgres/pool.ts';
import { emptyPglite, migratedPglite } from './pglite.ts';
import { startPostgres } from './postgres.ts';
import { createCopy, createTemplate, dropDatabase } from './template.ts';

/** The two kinds of database that Startlist runs on. */
export type Kind = 'PGlite' | 'PostgreSQL';

/** Opens a fresh database, which is closed and dropped at the end of the suite. */
export type Open = () => Promise<Database>;

/** A PostgreSQL server for tests, or the reason why there is none. */
export type Server = { readonly url: string } | { readonly missing: string };

/**
 * The PostgreSQL server that tests share: `TEST_DATABASE_URL`, which `npm test` sets, or one that this process starts
 * for a single file run with `node --test`. Its user must be allowed to create databases.
 */
export const server: Server = await findServer();

/** The `skip` option of tests that need a PostgreSQL server: the reason, or `false`. */
export const skipWithoutPostgres: string | false =
  'missing' in server && `PostgreSQL: skipped, because ${server.missing}`;

const kinds = ['PGlite', 'PostgreSQL'] as const;

/**
 * The kinds of database that `eachDatabase` runs on: those that `TEST_DATABASES` names, otherwise PostgreSQL, or PGlite
 * if no server is available.
 */
function chosenKinds(): readonly Kind[] {
  const chosen = process.env.TEST_DATABASES || (skipWithoutPostgres === false ? 'PostgreSQL' : 'PGlite');
  if (chosen === 'both') return kinds;
  const kind = kinds.find((each) => each === chosen);
  if (kind === undefined) throw new Error(`TEST_DATABASES must be PGlite, PostgreSQL or both, not "${chosen}"`);
  return [kind];
}

/**
 * Registers a suite of a service or of the complete system, with all schemas already migrated. `npm test` runs it on
 * PostgreSQL or, if there is no server, on PGlite. `npm run prove` runs it on PGlite as well.
 */
export function eachDatabase(suite: (kind: Kind, open: Open) => void): void {
  for (const kind of chosenKinds()) register(kind, suite, openers[kind].migrated);
}

/**
 * Registers a suite about the databases themselves. It always runs on both kinds, on empty databases. Without a
 * PostgreSQL server the suite for PostgreSQL is skipped, and the report gives the reason.
 */
export function bothDatabases(suite: (kind: Kind, open: Open) => void): void {
  for (const kind of kinds) register(kind, suite, openers[kind].empty);
}

function register(kind: Kind, suite: (kind: Kind, open: Open) => void, open: Open): void {
  const skip = kind === 'PostgreSQL' && skipWithoutPostgres;
  describe(kind, { skip }, () => {
    const { openOne, closeAll } = opener(open);
    suite(kind, openOne);
    // Hooks run in the order in which they were registered: what the suite started stops before its database closes.
    after(closeAll);
  });
}

const openers = {
  PGlite: {
    empty: async () => openPglite(undefined, await emptyPglite()),
    migrated: async () => openPglite(undefined, await migratedPglite()),
  },
  PostgreSQL: {
    empty: async () => openDropped(await createEmptyDatabase()),
    migrated: () => openMigrated(),
  },
} satisfies Record<Kind, { empty: Open; migrated: Open }>;

/** A database on the shared server, for tests that open it more than once. */
export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const givenTemplate = process.env.TEST_DATABASE_TEMPLATE ?? '';
/** The template of this process: the one that the runner gives, or one that this process creates and drops. */
let template: Promise<string> | undefined;

/**
 * Limits of a connection that replace those of `openPostgres`, in milliseconds, because on a busy machine a statement
 * may wait longer than production allows. The production limits are tested on empty databases, which keep them.
 */
const patience = {
  lock_timeout: '60000',
  statement_timeout: '60000',
  idle_in_transaction_session_timeout: '60000',
  query_timeout: '60000',
};
// On the server of TEST_DATABASE_URL the template must be dropped; a server of this process is removed as a whole.
if (givenTemplate === '' && process.env.TEST_DATABASE_URL) {
  const { TEST_DATABASE_URL } = process.env;
  after(async () => template && dropDatabase(TEST_DATABASE_URL, await template));
}

/**
 * Creates a database with the schemas of all four services, as a copy of a template that was migrated once. A copy
 * takes about 60 ms; the migrations take several times that.
 */
export async function createDatabase(): Promise<FreshDatabase> {
  if ('missing' in server) throw new Error(server.missing);
  template ??= givenTemplate === '' ? createTemplate(server.url) : Promise.resolve(givenTemplate);
  const { url, drop } = await copyDatabase(await template);
  const patient = new URL(url);
  for (const [name, value] of Object.entries(patience)) patient.searchParams.set(name, value);
  return { url: patient.href, drop };
}

/** Creates an empty database, for programs that migrate it and for restoring dumps. */
export function createEmptyDatabase(): Promise<FreshDatabase> {
  // template1 cannot be copied while anyone is connected to it. On another person's server it may also contain tables.
  return copyDatabase('template0');
}

async function copyDatabase(original: string): Promise<FreshDatabase> {
  if ('missing' in server) throw new Error(server.missing);
  const { url: serverUrl } = server;
  const { name, url } = await createCopy(serverUrl, original);
  return { url, drop: () => dropDatabase(serverUrl, name) };
}

/** Wraps `openFresh`: `closeAll` closes what it opened, unless the suite has closed it already. */
function opener(openFresh: Open): { readonly openOne: Open; closeAll(): Promise<void> } {
  const opened: Database[] = [];
  return {
    async openOne() {
      const database = await openFresh();
      let closed: Promise<void> | undefined;
      const close = () => {
        closed ??= database.close();
        return closed;
      };
      const closedOnce = { ...database, close };
      opened.push(closedOnce);
      return closedOnce;
    },
    async closeAll() {
      for (const database of opened) await database.close();
    },
  };
}

/** Opens a database on the shared server, with all schemas migrated, that is dropped when it is closed. */
export async function openMigrated(connections?: number): Promise<Database> {
  return openDropped(await createDatabase(), connections);
}

function openDropped({ url, drop }: FreshDatabase, connections?: number): Database {
  const database = openPostgres(url, connections);
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

async function findServer(): Promise<Server> {
  const url = process.env.TEST_DATABASE_URL ?? '';
  if (url !== '') return { url };
  // The runner has already looked for a server, and passes the reason on.
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
