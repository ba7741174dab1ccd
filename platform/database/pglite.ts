import { join } from 'node:path';
import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import { provideFolder } from './data-folder.ts';
import { type ConnectionUse, type Database, type Sql, safeInteger } from './database.ts';
import { lockFolder } from './lock.ts';
import { type Committing, written } from './transaction.ts';

/**
 * Opens PostgreSQL compiled to WebAssembly, in this process (https://pglite.dev).
 *
 * The database has one connection, so statements and transactions run one at a time. A commit does not flush to disk:
 * committed data survives a killed process, but not a power cut.
 *
 * @param folder the data folder, created if missing and locked until `close`. Without a folder, data is kept in memory.
 * @param from the dump of a database cluster, loaded into a new database.
 * @throws FolderInUse when another process uses the folder; FolderUnusable when it can't be created or written to.
 */
export async function openPglite(folder?: string, from?: Blob): Promise<Database> {
  if (folder !== undefined) provideFolder(folder);
  const lock = folder === undefined ? undefined : lockFolder(folder);
  const pglite = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: join(folder, 'pglite') }),
    ...(from === undefined ? {} : { loadDataDir: from }),
    parsers: { [types.INT8]: safeInteger },
  }).catch((error) => {
    lock?.release();
    throw error;
  });
  const exclusive = new ExclusiveUse();
  const callers = new Callers();
  return {
    query: (text, values) => callers.count(() => exclusive.after(() => on(pglite).query(text, values))),
    transaction: (work) =>
      callers.count(() => exclusive.after(() => pglite.transaction((inner) => committable(inner, work)))),
    use: () => callers.use,
    connection: (work) =>
      exclusive.lend(async () => {
        const script = async (text: string) => ((await pglite.exec(text)).at(-1)?.rows ?? []) as object[];
        try {
          return await work({ ...on(pglite), script });
        } finally {
          // A database server would close the connection here. Without the next two statements, later statements of
          // other callers would become part of an open transaction, and settings and locks would remain.
          await pglite.exec('rollback');
          await pglite.exec('discard all');
        }
      }),
    async close() {
      await pglite.close();
      lock?.release();
    },
  };
}

function on(runner: Pick<PGlite, 'query'> | Transaction): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      // PGlite's types do not accept readonly arrays.
      return (await runner.query<Row>(text, [...values])).rows;
    },
  };
}

/**
 * Runs the work of a transaction and throws if the transaction can't be committed. A commit after a failed statement is
 * a rollback, which PGlite does not report. So when `work` ignored a failure, one more statement runs as a check.
 */
async function committable<Result>(
  transaction: Transaction,
  work: (sql: Sql) => Promise<Result | Committing<Result>>,
): Promise<Result> {
  let failed = false;
  const sql = on(transaction);
  const end = await work({
    query: (text, values) =>
      sql.query<never>(text, values).catch((error) => {
        failed = true;
        throw error;
      }),
  });
  const result = await written(end);
  if (failed) {
    await transaction.query('select 1').catch((cause) => {
      throw new Error('the transaction was rolled back because the work ignored a failed statement', { cause });
    });
  }
  return result;
}

/** Counts the callers of the single connection: one uses the connection, the others wait. */
class Callers {
  #length = 0;

  get use(): ConnectionUse {
    const inUse = Math.min(this.#length, 1);
    return { inUse, idle: 1 - inUse, waiting: this.#length - inUse };
  }

  async count<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#length += 1;
    try {
      return await work();
    } finally {
      this.#length -= 1;
    }
  }
}

/**
 * Gives one caller exclusive use of the connection. That caller may open a transaction, which must not contain
 * statements of other callers.
 */
class ExclusiveUse {
  #current: Promise<unknown> | undefined;

  /**
   * Starts `work` once no caller has exclusive use. The check and the start are in one turn, so no
   * caller can get exclusive use in between.
   */
  async after<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#current !== undefined) await this.#current;
    return work();
  }

  lend<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.after(async () => {
      const running = work();
      this.#current = running.catch(() => {});
      try {
        return await running;
      } finally {
        this.#current = undefined;
      }
    });
  }
}
