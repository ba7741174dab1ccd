import pg from 'pg';
import { Unavailable } from '../../errors.ts';
import { type ConnectionUse, type Database, safeInteger } from '../database.ts';
import { runTransaction } from './commit.ts';
import { isUseless, understood } from './errors.ts';
import { Failover, requireWritable, splitHosts } from './failover.ts';
import { on } from './statements.ts';

/**
 * Limits of each connection, in milliseconds. All stay below the 5 s that a caller waits, so that a process frozen in
 * the middle of a transaction can't hold a hot event for longer than that. The last is the driver's own, for a server
 * that gives no sign of life any more.
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
 * @param url a connection URI, `postgres://user:password@host:port/database`; of several hosts, divided by commas, the
 * one that takes writes is used.
 * @param connections how many connections there may be at once.
 */
export function openPostgres(url: string, connections = 10): Database {
  const shared = { connectionTimeoutMillis: 3_000, keepAlive: true, types: types() };
  const servers = splitHosts(url).map((connectionString) => ({ ...shared, connectionString }));
  // What is asked without waiting for the answer before is sent at once, and answered in its order.
  const manner = { ...limits, max: connections, pipeline: true };
  const pools = servers.map((settings) => openPool({ ...settings, ...manner }));
  const primaryPool = new Failover(pools);
  const primary = new Failover(servers);
  const lend = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => lendFrom(primaryPool, work);
  return {
    query: (text, values) => lend((client) => on(client).query(text, values)),
    transaction: (work) => lend((client) => runTransaction(client, work)),
    async connection(work) {
      const client = await primary.connect(openClient);
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
 * How a connection plans. A statement is planned once and keeps its plan for as long as its connection lives: one that
 * was planned while its table was small would go on reading the whole of it, however large it grows, until the server
 * next takes its statistics. At the opening of a sale that halved the bookings a second. So no table is read as a whole
 * where an index leads to its rows; and what has no index to go by is not compiled for being thought expensive.
 * Source: https://www.postgresql.org/docs/current/runtime-config-query.html
 */
const planning = "select set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)";

/** A pool whose every new connection is to a server that takes writes. */
function openPool(settings: pg.PoolConfig): pg.Pool {
  const prepare = async (client: pg.PoolClient) => {
    await requireWritable(client);
    await client.query(planning);
  };
  const verify = (client: pg.PoolClient, done: (error?: Error) => void) => {
    prepare(client).then(() => done(), done);
  };
  // The driver knows `verify`; only its TypeScript types do not.
  const pool = new pg.Pool({ ...settings, idleTimeoutMillis: 30_000, verify } as pg.PoolConfig);
  // An idle connection that breaks is replaced when next needed; without a listener its error would end the process.
  pool.on('error', () => {});
  // The same for one that breaks while it is tried out, or before whoever borrows it listens: the pool does not then.
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
  // The driver knows this type; only its TypeScript types do not.
  const texts: (text: string) => (string | null)[] = pg.types.getTypeParser(int8Array as never, 'text');
  overrides.setTypeParser(int8Array, (text: string) =>
    texts(text).map((item) => (item === null ? null : safeInteger(item))),
  );
  return overrides;
}

/** A pool all of whose connections are lent says nothing of its server: nobody needs to look for another one. */
async function borrow(pool: pg.Pool): Promise<pg.PoolClient> {
  return pool.connect().catch((cause: Error) => {
    if (cause.message !== 'timeout exceeded when trying to connect') throw cause;
    throw new Unavailable('all connections to the database are taken', { cause });
  });
}

/** Lends a connection. One whose state is in doubt afterwards is thrown away rather than lent again. */
async function lendFrom<Result>(
  primary: Failover<pg.Pool>,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await primary.connect(borrow);
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof Unavailable && isUseless(error.cause)) broken = error;
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
    throw understood(error, 'unknown');
  }
}
