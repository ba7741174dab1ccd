import type { Committing } from './transaction.ts';

/** Something that takes SQL. Values are given as `$1`, `$2` …; a `bigint` column comes back as a number. */
export interface Sql {
  /**
   * Runs one statement and returns its rows.
   * @throws Unavailable when the database can't be reached or gave up in favor of another transaction.
   * @throws OutcomeUnknown when the connection broke while the statement was under way.
   */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection outside any transaction, for migrations: they bring transactions and locks of their own. */
export interface Connection extends Sql {
  /** Runs a text of several statements without values; returns the rows of the last. */
  script(text: string): Promise<object[]>;
}

/** How many connections are lent, how many are open and idle, and how many callers wait for one. */
export interface ConnectionUse {
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * One PostgreSQL database. Two adapters stand behind this: `platform/database/postgres/pool.ts` (a server) and `platform/database/pglite.ts` (in the
 * process). Transactions are READ COMMITTED: each statement sees what was committed before it began, which the
 * participants rely on when they read records after taking a lock.
 */
export interface Database extends Sql {
  /**
   * Runs `work` in a transaction: committed when it returns, rolled back when it throws. Its statements are carried out
   * in the order in which they are asked, whether or not the answers before are waited for (`together`). The last of
   * them may travel along with the commit (`Committing`).
   * @throws OutcomeUnknown when the connection broke during the commit, so that nobody can tell.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result | Committing<Result>>): Promise<Result>;
  /**
   * Lends one connection, with no limit on the time a statement may take. What is set, locked or left open on it ends
   * with `work`.
   */
  connection<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** How its connections are used right now, where it can tell. */
  use?(): ConnectionUse;
  close(): Promise<void>;
}

/** Splits a set of objects into the columns that `unnest($1, $2, …)` takes, one array a column. */
export function columns<Item>(set: readonly Item[], ...pick: ((item: Item) => unknown)[]): unknown[][] {
  return pick.map((of) => set.map(of));
}

/**
 * Reads a `bigint` as a number: ids and amounts stay below 2^53.
 * @throws RangeError for anything larger, which must not pass unseen.
 */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no integer that a number can hold`);
  return value;
}
