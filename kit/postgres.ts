import pg from 'pg';
import type { Database, Sql } from './db.ts';
import { OutcomeUnknown, Unavailable } from './errors.ts';

/**
 * Limits of each connection, in milliseconds. All stay below the 5 s that a caller waits, so that a process frozen in
 * the middle of a transaction can't hold a hot event for longer than that.
 */
const limits = { lock_timeout: 2_000, statement_timeout: 4_000, idle_in_transaction_session_timeout: 4_000 };

const int8 = 20;

/**
 * Opens a pool of connections to a PostgreSQL server.
 * @param url a connection URI, `postgres://user:password@host:port/database`.
 * @param connections how many connections there may be at once.
 */
export function openPostgres(url: string, connections = 10): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, safeInteger);
  const settings = { connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true, types };
  const pool = new pg.Pool({ ...settings, ...limits, max: connections, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is replaced when next needed; without a listener its error would end the process.
  pool.on('error', () => {});
  return {
    query: (text, values) => on(pool).query(text, values),
    transaction: (work) => transaction(pool, work),
    async connection(work) {
      const client = new pg.Client(settings);
      client.on('error', () => {});
      try {
        await client.connect();
        return await work({ ...on(client), script: async (text) => lastRows(await client.query(text)) });
      } catch (error) {
        throw understood(error);
      } finally {
        await client.end().catch(() => {});
      }
    },
    close: () => pool.end(),
  };
}

async function transaction<Result>(pool: pg.Pool, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error) => {
    throw new Unavailable('the database can not be reached', { cause: error });
  });
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(on(client));
    await commit(client);
    return result;
  } catch (error) {
    // A connection whose state is in doubt is thrown away rather than lent to the next transaction.
    await client.query('rollback').catch((failure) => {
      broken = failure;
    });
    throw error instanceof OutcomeUnknown ? error : understood(error, 'in a transaction');
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  await client.query('commit').catch((error) => {
    if (isBroken(error)) throw new OutcomeUnknown('the connection broke during a commit', { cause: error });
    throw error;
  });
}

/** A text is parsed and planned once for each connection: the name that makes it so is given here, by its order. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `startlist_${names.size}`;
    names.set(text, name);
  }
  return name;
}

function on(runner: { query: pg.Pool['query'] | pg.ClientBase['query'] }): Sql {
  const query = runner.query.bind(runner) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      try {
        return (await query({ name: nameOf(text), text, values: values as unknown[] })).rows as Row[];
      } catch (error) {
        throw understood(error);
      }
    },
  };
}

function lastRows(result: pg.QueryResult | pg.QueryResult[]): object[] {
  return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no integer that a number can hold`);
  return value;
}

/**
 * The SQLSTATEs with which a server that got the question says: not now. Connection (08), resources (53), operator
 * intervention and time-outs (57), serialization and deadlock (40), lock time-out (55P03), idle in a transaction for
 * too long (25P03), a standby that takes no writes (25006).
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const notNow = /^(08|53|57|40)...$|^(55P03|25P03|25006)$/;
/** Those of them after which the connection is gone, so that a statement under way may have been carried out. */
const connectionGone = /^(08...|57P0.|25P03)$/;

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof pg.DatabaseError && typeof code === 'string' ? code : undefined;
}

function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? isConnectionError(error) : connectionGone.test(state);
}

/** Errors of the socket and of the driver's own: these alone come without an SQLSTATE. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code;
  return (code !== undefined && /^E[A-Z]+/.test(code)) || /connection|timeout|client/i.test(error.message);
}

/** Gives an error of the driver its meaning. `where` a rollback is certain, a broken connection changed nothing. */
function understood(error: unknown, where: 'alone' | 'in a transaction' = 'alone'): unknown {
  if (error instanceof Unavailable) {
    if (error instanceof OutcomeUnknown && where === 'in a transaction') {
      return new Unavailable('the connection to the database broke', { cause: error.cause });
    }
    return error;
  }
  const state = sqlState(error);
  if (state === undefined ? isConnectionError(error) : notNow.test(state)) {
    const text = error instanceof Error ? error.message : String(error);
    if (where === 'alone' && isBroken(error) && !neverSent(error)) return new OutcomeUnknown(text, { cause: error });
    return new Unavailable(text, { cause: error });
  }
  return error;
}

/** The connection could not be made at all, so nothing was asked. */
function neverSent(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || /when trying to connect/.test(message)
  );
}
