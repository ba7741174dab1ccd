import { join } from 'node:path';
import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import { provideFolder } from './data-folder.ts';
import { type ConnectionUse, type Database, type Sql, safeInteger } from './database.ts';
import { lockFolder } from './lock.ts';
import { type Committing, written } from './transaction.ts';

/**
 * Opens PostgreSQL compiled to WebAssembly, in this process (https://pglite.dev).
 *
 * It has one connection, so statements and transactions run one after the other. It does not flush to disk at each
 * commit: it outlives a killed process, not a power cut.
 *
 * @param folder where the data stands, made if missing and locked until `close`; without one the data is in memory.
 * @param from a dump of a cluster to start with, instead of an empty one, where there is none yet.
 * @throws FolderInUse when another process has the folder open; FolderUnusable when it can't be one.
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
  const lending = new Lending();
  const line = new Line();
  return {
    query: (text, values) => line.count(() => lending.after(() => on(pglite).query(text, values))),
    transaction: (work) =>
      line.count(() => lending.after(() => pglite.transaction((inner) => committable(inner, work)))),
    use: () => line.use,
    connection: (work) =>
      lending.lend(async () => {
        const script = async (text: string) => ((await pglite.exec(text)).at(-1)?.rows ?? []) as object[];
        try {
          return await work({ ...on(pglite), script });
        } finally {
          // As on a server, where the connection is closed: a transaction left open would take in the statements of
          // all who come after, and settings and locks would stay.
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
      // PGlite takes no arrays that are readonly by type.
      return (await runner.query<Row>(text, [...values])).rows;
    },
  };
}

/**
 * A commit after a failed statement is a rollback, and PGlite does not tell. So work that overlooked a failure is
 * asked for one statement more, which the server refuses where the transaction can't be committed any more.
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
      throw new Error('a statement failed unnoticed, so its transaction was rolled back', { cause });
    });
  }
  return result;
}

/** Those who use the one connection, one after the other: the first has it, the others wait. */
class Line {
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
 * Lends what there is only one of. Who has borrowed the connection may open a transaction by itself, in which the
 * statements of others would end up: committed early, or rolled back with it.
 */
class Lending {
  #lent: Promise<unknown> | undefined;

  /** Begins `work` when nothing is lent. Nothing may come between the last look and the beginning. */
  async after<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#lent !== undefined) await this.#lent;
    return work();
  }

  lend<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.after(async () => {
      const borrowed = work();
      this.#lent = borrowed.catch(() => {});
      try {
        return await borrowed;
      } finally {
        this.#lent = undefined;
      }
    });
  }
}
