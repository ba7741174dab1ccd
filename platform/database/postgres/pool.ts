import pg from 'pg';
import { Unavailable } from '../../errors.ts';
import { type ConnectionUse, type Database, safeInteger } from '../database.ts';
import { runTransaction } from './commit.ts';
import { classify, isUnusable } from './errors.ts';
import { Failover, requireWritable, splitHosts } from './failover.ts';
import { on } from './statements.ts';

/**
 * The time-outs of each connection, in milliseconds. All are below the 5 s that a caller waits, so a process that
 * freezes in a transaction can't lock a hot event for longer. The driver enforces `query_timeout`, in case the server
 * does not respond.
 */
const limits = {
  lock_timeout: 2_000,
  statement_timeout: 4_000,
  idle_in_transaction_session_timeout: 4_000,
  query_timeout: 4_500,
};

const int8 = 20;
const int8Array = 1016;

/**
 * Opens a pool of connections to a PostgreSQL server.
 * @param url a connection URI, `postgres://user:password@host:port/database`. It may name several hosts, separated by
 * commas; the writable one is used.
 * @param connections the maximum number of connections.
 */
export function openPostgres(url: string, connections = 10): Database {
  const shared = { connectionTimeoutMillis: 3_000, keepAlive: true, types: types() };
  const servers = splitHosts(url).map((connectionString) => ({ ...shared, connectionString }));
  // With `pipeline`, statements are sent without waiting for earlier results.
  const options = { ...limits, max: connections, pipeline: true };
  const pools = servers.map((settings) => openPool({ ...settings, ...options }));
  const writablePool = new Failover(pools);
  const writable = new Failover(servers);
  const run = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => withClient(writablePool, work);
  return {
    query: (text, values) => run((client) => on(client).query(text, values)),
    transaction: (work) => run((client) => runTransaction(client, work)),
    async connection(work) {
      const client = await writable.connect(openClient);
      try {
        return await work({ ...on(client), script: (text) => runScript(client, text) });
      } finally {
        await client.end().catch(() => {});
      }
    },
    use: () => useOf(pools),
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/**
 * Planner settings of a connection. A prepared statement keeps its plan while the connection lives. A statement that
 * was planned while its table was small keeps scanning the whole table as the table grows, until the next analyze. At
 * the opening of a sale this halved the bookings per second. So sequential scans are off where an index exists. JIT is
 * off as well: without an index, a statement now has an inflated cost, for which JIT would compile it.
 * Source: https://www.postgresql.org/docs/current/runtime-config-query.html
 */
const planning = "select set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)";

/** A pool that accepts only connections to a writable server. */
function openPool(settings: pg.PoolConfig): pg.Pool {
  const prepare = async (client: pg.PoolClient) => {
    await requireWritable(client);
    await client.query(planning);
  };
  const verify = (client: pg.PoolClient, done: (error?: Error) => void) => {
    prepare(client).then(() => done(), done);
  };
  // The driver's TypeScript types lack `verify`.
  const pool = new pg.Pool({ ...settings, idleTimeoutMillis: 30_000, verify } as pg.PoolConfig);
  // The pool replaces an idle connection that breaks. Without a listener, the error would end the process.
  pool.on('error', () => {});
  // Without this listener, a connection that breaks during `verify`, or before its borrower listens, would end the
  // process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function useOf(pools: readonly pg.Pool[]): ConnectionUse {
  const sum = (of: (pool: pg.Pool) => number) => pools.reduce((total, pool) => total + of(pool), 0);
  return {
    inUse: sum(({ totalCount, idleCount }) => totalCount - idleCount),
    idle: sum(({ idleCount }) => idleCount),
    waiting: sum(({ waitingCount }) => waitingCount),
  };
}

async function openClient(settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(settings);
  client.on('error', () => {});
  try {
    await client.connect();
    await requireWritable(client);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

function types(): pg.TypeOverrides {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(int8, safeInteger);
  // The driver's TypeScript types lack this type.
  const texts: (text: string) => (string | null)[] = pg.types.getTypeParser(int8Array as never, 'text');
  overrides.setTypeParser(int8Array, (text: string) =>
    texts(text).map((item) => (item === null ? null : safeInteger(item))),
  );
  return overrides;
}

/** Takes a connection from a pool. @throws Unavailable when the pool is exhausted: another server would not help. */
async function borrow(pool: pg.Pool): Promise<pg.PoolClient> {
  return pool.connect().catch((cause: Error) => {
    if (cause.message !== 'timeout exceeded when trying to connect') throw cause;
    throw new Unavailable('all database connections are in use', { cause });
  });
}

/** Runs `work` with a connection of the pool. A connection whose state is in doubt is discarded afterwards. */
async function withClient<Result>(
  writable: Failover<pg.Pool>,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await writable.connect(borrow);
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof Unavailable && isUnusable(error.cause)) broken = error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function runScript(client: pg.ClientBase, text: string): Promise<object[]> {
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(text);
    return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
  } catch (error) {
    throw classify(error, 'unknown');
  }
}
