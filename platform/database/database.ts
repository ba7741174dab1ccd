import type { Committing } from './transaction.ts';

/** A database connection or transaction. Parameters are `$1`, `$2` …; `bigint` columns are returned as numbers. */
export interface Sql {
  /**
   * Runs one statement and returns its rows.
   * @throws Unavailable when the database is unreachable, or rolled the statement back because of another transaction.
   * @throws OutcomeUnknown when the connection broke during the statement.
   */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A connection outside any transaction, for migrations, which manage their own transactions and locks. */
export interface Connection extends Sql {
  /** Runs several statements without parameters, and returns the rows of the last one. */
  script(text: string): Promise<object[]>;
}

/** The number of connections in use, of idle connections, and of callers that wait for a connection. */
export interface ConnectionUse {
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * A PostgreSQL database, with two adapters: `platform/database/postgres/pool.ts` for a server and
 * `platform/database/pglite.ts` for the embedded database. Transactions are READ COMMITTED: a statement sees everything
 * committed before it began. The participants rely on this when they read records after taking a lock.
 */
export interface Database extends Sql {
  /**
   * Runs `work` in a transaction, which is committed when `work` returns and rolled back when it throws. Statements run
   * in the order of the calls, also when `work` does not await each one (`together`). The last writes can be sent
   * together with the commit (`Committing`).
   * @throws OutcomeUnknown when the connection broke during the commit.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result | Committing<Result>>): Promise<Result>;
  /**
   * Runs `work` with a connection of its own, without a statement time-out. The settings, locks and open transactions
   * of the connection end with `work`.
   */
  connection<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** The current use of the connections. Absent when the adapter does not know it. */
  use?(): ConnectionUse;
  close(): Promise<void>;
}

/** Turns items into the arguments of `unnest($1, $2, …)`: one array for each column. */
export function columns<Item>(items: readonly Item[], ...pick: ((item: Item) => unknown)[]): unknown[][] {
  return pick.map((of) => items.map(of));
}

/**
 * Parses a `bigint` as a number. Ids and amounts are below 2^53.
 * @throws RangeError for larger values.
 */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
}
