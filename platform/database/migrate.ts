import { runner } from 'node-pg-migrate';
import { Unavailable } from '../errors.ts';
import type { Connection, Database } from './database.ts';

/** The migrations of a service. */
export interface Migrations {
  /** The service's schema, created if missing. Unqualified names in the files refer to it. */
  readonly schema: string;
  /** The folder with the migration files, such as `0001-events-and-slots.sql`. */
  readonly folder: string;
}

/**
 * Migrates a schema to the current version. Each file runs once, in its own transaction, in the order of the numbers in
 * the file names. Of several processes that start at once, an advisory lock lets one migrate while the others wait.
 * Applied files that this version does not know are ignored, so an older version can start next to a newer one.
 *
 * @returns the names of the files that were applied.
 * @throws the database's error of the first file that fails.
 * @throws Unavailable when the connection breaks. Files applied before that are not applied again.
 */
export async function migrate(database: Database, { schema, folder }: Migrations): Promise<string[]> {
  return database.connection(async (connection) => {
    const { client, failures } = recordFailures(connection);
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
      // The library wraps some database errors, which hides their class.
      throw failures.find((failure) => failure instanceof Unavailable) ?? error;
    });
    return applied.map(({ name }) => name);
  });
}

/** Creates the part of a driver's client that the library uses, and records the errors of its queries. */
function recordFailures(connection: Connection): { readonly client: never; readonly failures: readonly unknown[] } {
  const failures: unknown[] = [];
  const query = async (statement: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    const given = values ?? (typeof statement === 'string' ? undefined : statement.values);
    try {
      return { rows: given === undefined ? await connection.script(text) : await connection.query(text, given) };
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  return { client: { query } as never, failures };
}
