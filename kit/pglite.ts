import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import type { Database, Sql } from './db.ts';
import { lockFolder } from './lock.ts';

/** `bigint` as a number: ids and amounts stay below 2^53, and anything larger must not pass unseen. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no integer that a number can hold`);
  return value;
}

/**
 * Opens PostgreSQL compiled to WebAssembly, in this process (https://pglite.dev).
 *
 * It has one connection, so statements and transactions run one after the other. It does not flush to disk at each
 * commit: it outlives a killed process, not a power cut.
 *
 * @param folder where the data stands, made if missing and locked until `close`; without one the data is in memory.
 * @param from a dump of a cluster to start with, instead of an empty one, where there is none yet.
 * @throws FolderInUse when another process has the folder open.
 */
export async function openPglite(folder?: string, from?: Blob): Promise<Database> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const lock = folder === undefined ? undefined : lockFolder(folder);
  const pglite = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: join(folder, 'pglite') }),
    ...(from === undefined ? {} : { loadDataDir: from }),
    parsers: { [types.INT8]: safeInteger },
  }).catch((error) => {
    lock?.release();
    throw error;
  });
  // PGlite takes no arrays that are readonly by type.
  const on = (runner: Pick<PGlite, 'query'>): Sql => ({
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await runner.query<Row>(text, [...values])).rows,
  });
  return {
    ...on(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(on(transaction as unknown as PGlite))),
    connection: (work) =>
      work({ ...on(pglite), script: async (text) => ((await pglite.exec(text)).at(-1)?.rows ?? []) as object[] }),
    async close() {
      await pglite.close();
      lock?.release();
    },
  };
}
