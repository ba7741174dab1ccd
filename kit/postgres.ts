import type { Duplex } from 'node:stream';
import pg from 'pg';
import { arrayText } from './array-text.ts';
import { type ConnectionUse, type Database, type Sql, safeInteger } from './db.ts';
import { Unavailable } from './errors.ts';
import { type Fate, isBroken, isUseless, understood } from './postgres-errors.ts';
import { Primary, requireWritable, splitHosts } from './primary.ts';
import { Committing, together } from './transaction.ts';

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
  const primaryPool = new Primary(pools);
  const primary = new Primary(servers);
  const lend = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => lendFrom(primaryPool, work);
  return {
    query: (text, values) => lend((client) => on(client).query(text, values)),
    transaction: (work) => lend((client) => transaction(client, work)),
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
  primary: Primary<pg.Pool>,
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

async function transaction<Result>(
  client: pg.PoolClient,
  work: (sql: Sql) => Promise<Result | Committing<Result>>,
): Promise<Result> {
  let end: Result | Committing<Result>;
  const course: Course = {};
  const begun = begin(client);
  try {
    end = await work(after(begun, during(course, client)));
    await begun;
    if (course.unsent !== undefined) throw course.unsent;
  } catch (error) {
    // What waits for the begin is sent before the rollback, never after it, where it would be committed by itself.
    await begun.catch(() => {});
    course.end = 'rollback';
    await rollback(client, error);
    throw error;
  }
  course.end = 'commit';
  const committed = commit(client);
  if (!(end instanceof Committing)) {
    await committed;
    return end;
  }
  await together(...end.writes, committed);
  return end.result;
}

/** How far a transaction has come. */
interface Course {
  /** What was sent to end it. */
  end?: 'commit' | 'rollback';
  /** Why one of its statements could not even be sent: the others must not be committed without it. */
  unsent?: unknown;
}

/**
 * The statements of a transaction until its end. One that is asked later would be carried out by itself, or in a
 * transaction of someone else; one that was asked before, and breaks with its connection, may have been committed.
 */
function during(course: Course, client: pg.ClientBase): Sql {
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      if (course.end !== undefined) throw new Error('a statement was asked after its transaction had ended');
      let question: Question;
      try {
        question = questionOf(text, values);
      } catch (error) {
        course.unsent ??= error;
        throw error;
      }
      return ask<Row>(client, question, () => (course.end === 'commit' ? 'unknown' : 'undone'));
    },
  };
}

function begin(client: pg.PoolClient): Promise<unknown> {
  holdBack(client);
  const begun = client.query('begin').catch((error) => {
    throw understood(error, 'undone');
  });
  // Whoever awaits it is told, however late.
  begun.catch(() => {});
  return begun;
}

/**
 * The statements of a transaction that is about to begin. Those at its head that only look travel along with the begin
 * itself, which saves waiting for its answer while others wait for the lock. What writes waits: had the begin failed,
 * it would be committed by itself.
 */
function after(begun: Promise<unknown>, sql: Sql): Sql {
  let isOpen = false;
  let waiting = 0;
  let mayGoAlong = true;
  void begun.then(
    () => (isOpen = true),
    () => {},
  );
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      mayGoAlong &&= isRead(text);
      // Nothing overtakes what was asked before.
      if (waiting > 0 || !(isOpen || mayGoAlong)) {
        waiting += 1;
        // At once, not a few turns later: whoever is told of an earlier answer meanwhile would be sent first.
        try {
          await begun;
        } finally {
          waiting -= 1;
        }
      }
      return sql.query<Row>(text, values);
    },
  };
}

/** A connection that can't even roll back is as good as broken: the server undoes what it had begun. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<void> {
  if (error instanceof Unavailable && isBroken(error.cause)) return;
  await client.query('rollback').catch((failure) => client.emit('error', failure));
}

async function commit(client: pg.PoolClient): Promise<void> {
  holdBack(client);
  const { command } = await client.query('commit').catch((error) => {
    throw understood(error, 'unknown');
  });
  // So the server answers when a statement has failed before, and the work went on as if it had not.
  if (command === 'ROLLBACK') throw new Error('a statement failed unnoticed, so its transaction was rolled back');
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

/**
 * Holds back what is written to a connection until whoever writes has nothing more to say: several statements are then
 * one packet, and the server wakes up once for all of them. At the next tick all that follows from an answer has been
 * said, the commit after the last writes included; a microtask would come before it.
 */
function holdBack(client: pg.ClientBase): void {
  // The driver knows its connection; only its TypeScript types do not.
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** A statement that only looks: whatever becomes of it, nothing is changed. */
function isRead(text: string): boolean {
  return /^\s*select\b/i.test(text) && !/\b(setval|nextval)\b/i.test(text);
}

/** Statements outside of a transaction. */
function on(client: pg.ClientBase): Sql {
  return { query: async (text, values) => ask(client, questionOf(text, values), () => 'unknown') };
}

/** A statement as it is handed to the driver. */
interface Question {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** @throws TypeError when a value can't be written. */
function questionOf(text: string, values: readonly unknown[] = []): Question {
  return { name: nameOf(text), text, values: values.map(writable) };
}

async function ask<Row extends object>(client: pg.ClientBase, question: Question, fate: () => Fate): Promise<Row[]> {
  try {
    holdBack(client);
    return (await client.query<Row & pg.QueryResultRow>(question)).rows;
  } catch (error) {
    throw understood(error, isRead(question.text) ? 'undone' : fate());
  }
}

/** A value that the driver can write. An object is JSON by now: one that can't be would fail when others were sent. */
function writable(value: unknown): unknown {
  return Array.isArray(value) ? (arrayText(value) ?? value.map(scalar)) : scalar(value);
}

function scalar(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isDriverOwn = value instanceof Date || ArrayBuffer.isView(value) || Array.isArray(value);
  return isDriverOwn ? value : JSON.stringify(value);
}

async function runScript(client: pg.ClientBase, text: string): Promise<object[]> {
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(text);
    return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
  } catch (error) {
    throw understood(error, 'unknown');
  }
}
