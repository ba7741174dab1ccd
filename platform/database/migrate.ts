import { runner } from 'node-pg-migrate';
import { Unavailable } from '../errors.ts';
import type { Connection, Database } from './database.ts';

/** What a service hands to the migrations. */
export interface Migrations {
  /** The service's schema, made if missing: unqualified names in the files fall into it. */
  readonly schema: string;
  /** The folder of the files, `0001-events-and-slots.sql` and so on. */
  readonly folder: string;
}

/**
 * Brings a schema up to date: each file once, in the order of their numbers, each in a transaction of its own, under
 * an advisory lock of the database, so that of many processes that start at once one migrates and the others wait.
 * Files already applied that this version does not know are left alone: an older version may start beside a newer.
 *
 * @returns the names of the files that were applied.
 * @throws the database's error of the first file that fails; the start of the service fails with it.
 * @throws Unavailable when the connection breaks meanwhile: whatever was applied by then is not applied again.
 */
export async function migrate(database: Database, { schema, folder }: Migrations): Promise<string[]> {
  return database.connection(async (connection) => {
    const { client, failures } = watched(connection);
    const applied = await runner({
      dbClient: client,
      dir: folder,
      schema,
      createSchema: true,
      migrationsTable: 'migration',
      direction: 'up',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      log: () => {},
    }).catch((error) => {
      // The library tells some failures of the database in words of its own, which no longer say of what kind they are.
      throw failures.find((failure) => failure instanceof Unavailable) ?? error;
    });
    return applied.map(({ name }) => name);
  });
}

/**
 * The little of a driver's client that the library uses: it asks with a text, or with a text and values. What failed
 * on the way is kept.
 */
function watched(connection: Connection): { readonly client: never; readonly failures: readonly unknown[] } {
  const failures: unknown[] = [];
  const query = async (question: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    const text = typeof question === 'string' ? question : question.text;
    const given = values ?? (typeof question === 'string' ? undefined : question.values);
    try {
      return { rows: given === undefined ? await connection.script(text) : await connection.query(text, given) };
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  return { client: { query } as never, failures };
}
