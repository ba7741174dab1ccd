import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import {
  createEmptyDatabase,
  type FreshDatabase,
  skipWithoutPostgres,
} from '../../../test/support/databases/databases.ts';
import { untilWaiting } from '../../../test/support/databases/meeting.ts';
import { freePort } from '../../../test/support/databases/postgres.ts';
import { OutcomeUnknown, Unavailable } from '../../errors.ts';
import type { Database, Sql } from '../database.ts';
import { openPostgres } from './pool.ts';
import { withWire } from './wire.fixture.ts';

/** True for an error that means: nothing was stored, so the call can be repeated. */
function isUnavailable(error: unknown): boolean {
  assert.ok(error instanceof Unavailable, String(error));
  assert.ok(!(error instanceof OutcomeUnknown), String(error));
  return true;
}

function isOutcomeUnknown(error: unknown): boolean {
  assert.ok(error instanceof OutcomeUnknown, String(error));
  return true;
}

describe('without a server', () => {
  let database: Database;
  before(async () => {
    database = openPostgres(`postgres://nobody@127.0.0.1:${await freePort()}/nothing`);
  });
  after(() => database.close());

  test('a statement, a transaction and a connection are unavailable: nothing was sent', async () => {
    await assert.rejects(database.query('select 1'), isUnavailable);
    await assert.rejects(
      database.transaction((sql) => sql.query('select 1')),
      isUnavailable,
    );
    await assert.rejects(
      database.connection((connection) => connection.script('select 1')),
      isUnavailable,
    );
  });
});

describe('on a server', { skip: skipWithoutPostgres }, () => {
  const kept = withKept();
  statements(kept);
  transactions(kept);
  endedConnections(kept);
  limits(kept);
});

type Kept = ReturnType<typeof withKept>;

/**
 * The fixture of a suite: a database with two rows, opened by a pool, and another connection to the same database,
 * which observes and disturbs the pool.
 */
function withKept() {
  let fresh: FreshDatabase;
  let database: Database;
  let other: pg.Client;
  before(async () => {
    fresh = await createEmptyDatabase();
    database = openPostgres(fresh.url, 4);
    other = new pg.Client(fresh.url);
    await other.connect();
    await database.query('create table kept (id bigint primary key, what text)');
  });
  beforeEach(() => other.query("truncate kept; insert into kept values (1, 'one'), (2, 'two')"));
  after(async () => {
    await database.close();
    await other.end();
    await fresh.drop();
  });
  return {
    get url() {
      return fresh.url;
    },
    get database() {
      return database;
    },
    get other() {
      return other;
    },
    ids: async () => (await other.query('select id from kept order by id')).rows.map(({ id }) => Number(id)),
    terminate: (pid: number | undefined) => other.query('select pg_terminate_backend($1, 5000)', [pid]),
    untilBlocked: () => untilWaiting({ query: async (text) => (await other.query(text)).rows }, 1),
  };
}

const pidOf = async (sql: Sql) => (await sql.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;

// Ends only connections to this database, because other tests use the same server.
const terminateOthers =
  'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

function statements(kept: Kept): void {
  test('a statement planned on a small table uses the index after the table has grown', async () => {
    await kept.database.query(
      'create table grown (id bigint primary key, one bigint, two bigint, what text, why text, at timestamptz)',
    );
    await kept.database.transaction(async (sql) => {
      const ids = Array.from({ length: 55 }, (_, index) => index + 1);
      const read = () => sql.query('select * from grown where id = any($1::bigint[])', [ids]);
      const grow = (to: number) =>
        sql.query(
          `insert into grown
           select n, n, n, 'thing', null, now()
             from generate_series((select count(*) from grown) + 1, $1::bigint) as n`,
          [to],
        );
      await grow(800);
      // After five executions the server may switch to a generic plan.
      for (let time = 0; time < 10; time += 1) await read();
      await grow(20_000);
      const before = await scansOf(sql, 'grown');
      await read();
      const after = await scansOf(sql, 'grown');
      assert.deepEqual([after.whole - before.whole, after.byIndex > before.byIndex], [0, true]);
    });
  });

  test('a bigint is read as a number; one above Number.MAX_SAFE_INTEGER is an error', async () => {
    const [row] = await kept.database.query('select 9007199254740991::bigint as most, array[1, 2]::bigint[] as ids');
    assert.deepEqual(row, { most: Number.MAX_SAFE_INTEGER, ids: [1, 2] });
    await assert.rejects(kept.database.query('select 9007199254740992::bigint'), RangeError);
    assert.deepEqual(await kept.database.query('select 1 as one'), [{ one: 1 }]);
  });

  test('statements run in the order they were sent, also around the reply to the begin', async () => {
    await kept.other.query('create table inTurn (place bigint generated always as identity, what text)');
    for (let round = 0; round < 10; round += 1) {
      await kept.database.transaction(async (sql) => {
        const insert = (what: string) => sql.query('insert into inTurn (what) values ($1)', [what]);
        const head = sql.query('select 1');
        const first = insert('first');
        await head;
        await Promise.all([first, insert('second')]);
      });
    }
    const rows = (await kept.other.query('select what from inTurn order by place')).rows;
    assert.deepEqual(
      rows.map(({ what }) => what),
      rows.map((_, index) => (index % 2 === 0 ? 'first' : 'second')),
    );
  });

  test('a connection has no statement timeout, runs several statements in one text, and is not from the pool', async () => {
    const answer = await kept.database.connection(async (connection) => {
      assert.deepEqual(await connection.script('show statement_timeout'), [{ statement_timeout: '0' }]);
      await connection.script('create temporary table here (id bigint); insert into here values (1)');
      return connection.query('select id from here where id = $1', [1]);
    });
    assert.deepEqual(answer, [{ id: 1 }]);
    await assert.rejects(kept.database.query('select * from here'), { code: '42P01' });
  });
}

function transactions(kept: Kept): void {
  test('a transaction commits when its work returns, and rolls back when it throws', async () => {
    const answer = await kept.database.transaction(async (sql) => {
      await sql.query('insert into kept values (3)');
      return 'done';
    });
    assert.equal(answer, 'done');
    const failure = new Error('no');
    const work = kept.database.transaction(async (sql) => {
      await sql.query('insert into kept values (4)');
      throw failure;
    });
    await assert.rejects(work, failure);
    assert.deepEqual(await kept.ids(), [1, 2, 3]);
  });

  test('a transaction whose work ignores a failed statement fails and stores nothing', async () => {
    const work = kept.database.transaction(async (sql) => {
      await sql.query('insert into kept values (3)');
      await sql.query('insert into kept values (3)').catch(() => {});
    });
    await assert.rejects(work, /the work ignored a failed statement/);
    assert.deepEqual(await kept.ids(), [1, 2]);
  });

  test('a transaction whose work throws while a write waits for the begin stores nothing', async () => {
    const failure = new Error('no');
    let write: Promise<unknown> = Promise.resolve();
    const work = kept.database.transaction(async (sql) => {
      write = sql.query('insert into kept values (3)');
      write.catch(() => {});
      throw failure;
    });
    await assert.rejects(work, failure);
    await write.catch(() => {});
    assert.deepEqual(await kept.ids(), [1, 2]);
  });

  test('a unique violation keeps its error, alone and in a transaction, and the connection is reused', async () => {
    const insert = 'insert into kept values (1)';
    const wanted = { code: '23505', constraint: 'kept_pkey' };
    const one = openPostgres(kept.url, 1);
    const pid = await pidOf(one);
    await assert.rejects(one.query(insert), wanted);
    await assert.rejects(
      one.transaction((sql) => sql.query(insert)),
      wanted,
    );
    assert.equal(await pidOf(one), pid);
    await one.close();
  });

  test('an error of the commit rolls the transaction back and keeps its code', async () => {
    await kept.other.query('create table late (id bigint unique deferrable initially deferred)');
    const work = kept.database.transaction((sql) => sql.query('insert into late values (1), (1)'));
    await assert.rejects(work, { code: '23505' });
    assert.equal((await kept.other.query('select 1 from late')).rowCount, 0);
  });

  test('an error thrown by the work is passed on unchanged, even an OutcomeUnknown', async () => {
    const failure = new OutcomeUnknown('another database');
    const work = kept.database.transaction(async () => {
      throw failure;
    });
    await assert.rejects(work, (error) => error === failure);
  });
}

/** Connections that the server ends. */
function endedConnections(kept: Kept): void {
  test('a transaction whose connection is killed is unavailable and rolled back; the next ones succeed', async () => {
    const work = kept.database.transaction(async (sql) => {
      await sql.query('insert into kept values (3)');
      await kept.terminate(await pidOf(sql));
      await sql.query('insert into kept values (4)');
    });
    await assert.rejects(work, isUnavailable);
    assert.deepEqual(await kept.ids(), [1, 2]);
    await Promise.all(
      [5, 6, 7, 8, 9].map((id) => kept.database.transaction((sql) => sql.query('insert into kept values ($1)', [id]))),
    );
    assert.deepEqual(await kept.ids(), [1, 2, 5, 6, 7, 8, 9]);
  });

  test('a transaction whose connection is killed during a statement is unavailable', async () => {
    await kept.other.query('begin; select * from kept where id = 1 for update');
    const work = kept.database.transaction(async (sql) => {
      const pid = await pidOf(sql);
      kept.untilBlocked().then(() => kept.terminate(pid));
      await sql.query("update kept set what = 'other' where id = 1");
    });
    await assert.rejects(work, isUnavailable);
    await kept.other.query('rollback');
  });

  test('killed idle connections are replaced without an error', async () => {
    await Promise.all([1, 2, 3, 4].map(() => kept.database.query('select pg_sleep(0.05)')));
    await kept.other.query(terminateOthers);
    while ((kept.database.use?.().idle ?? 0) > 0) await delay(5);
    assert.deepEqual(await kept.database.query('select 1 as one'), [{ one: 1 }]);
  });

  test('a statement killed while it runs has an unknown outcome', async () => {
    await kept.other.query('begin; select * from kept where id = 1 for update');
    const statement = kept.database.query("update kept set what = 'other' where id = 1");
    kept.untilBlocked().then(() => kept.other.query(terminateOthers));
    await assert.rejects(statement, isOutcomeUnknown);
    await kept.other.query('rollback');
    assert.deepEqual(await kept.database.query('select 1 as one'), [{ one: 1 }]);
  });
}

/** Time limits of waiting for locks and for connections. */
function limits(kept: Kept): void {
  test('of two transactions in a deadlock one succeeds and the other is unavailable', async () => {
    const bothHaveOne = Promise.withResolvers<void>();
    let having = 0;
    const touch = (first: number, second: number) =>
      kept.database.transaction(async (sql) => {
        await sql.query('update kept set what = $2 where id = $1', [first, 'x']);
        having += 1;
        if (having === 2) bothHaveOne.resolve();
        await bothHaveOne.promise;
        await sql.query('update kept set what = $2 where id = $1', [second, 'x']);
      });
    const outcomes = await Promise.allSettled([touch(1, 2), touch(2, 1)]);
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(failures.length, 1);
    assert.ok(isUnavailable(failures[0]?.reason));
    assert.equal(failures[0]?.reason.cause.code, '40P01');
  });

  test('a statement that waits over 2 s for a lock is unavailable, alone and in a transaction', async () => {
    await kept.other.query('begin; select * from kept for update');
    const update = "update kept set what = 'other' where id = $1";
    const both = [kept.database.query(update, [1]), kept.database.transaction((sql) => sql.query(update, [2]))];
    for (const outcome of await Promise.allSettled(both)) {
      assert.equal(outcome.status, 'rejected');
      assert.ok(isUnavailable(outcome.reason));
      assert.equal(outcome.reason.cause.code, '55P03');
    }
    await kept.other.query('rollback');
  });

  test('a transaction frozen for 4 s is ended by the server, which frees its locks, and is unavailable', async () => {
    const work = kept.database.transaction(async (sql) => {
      await sql.query('select * from kept where id = 1 for update');
      await kept.other.query("set lock_timeout = '6s'; update kept set what = 'freed' where id = 1");
      await sql.query("update kept set what = 'late' where id = 1");
    });
    await assert.rejects(work, isUnavailable);
    assert.equal((await kept.other.query('select what from kept where id = 1')).rows[0].what, 'freed');
  });

  test('a full pool is unavailable when no connection is returned in time', async () => {
    const one = openPostgres(kept.url, 1);
    let isGivenBack = false;
    const held = one.transaction(async (sql) => {
      // Queries keep the transaction busy, because the server ends a transaction that is idle for four seconds.
      for (; !isGivenBack; await delay(100)) await sql.query('select 1');
    });
    await assert.rejects(one.query('select 1'), isUnavailable);
    isGivenBack = true;
    await held;
    assert.deepEqual(await one.query('select 1 as one'), [{ one: 1 }]);
    await one.close();
  });
}

describe('when the connection breaks', { skip: skipWithoutPostgres }, () => {
  const server = withWire(2);

  test('during a commit, the outcome is unknown', async () => {
    server.wire.onSend = (text) => {
      if (text.includes('commit')) server.wire.cut();
    };
    const work = server.database.transaction((sql) => sql.query('insert into kept values (1)'));
    await assert.rejects(work, isOutcomeUnknown);
  });

  test('before a commit, the transaction is unavailable', async () => {
    server.wire.onSend = (text) => {
      if (text.includes('insert')) server.wire.cut();
    };
    const work = server.database.transaction((sql) => sql.query('insert into kept values (2)'));
    await assert.rejects(work, isUnavailable);
  });

  test('while a new connection is verified, the statement is unavailable and the process keeps running', async () => {
    const another = openPostgres(server.wire.url, 1);
    server.wire.onSend = (text) => {
      if (text.includes('transaction_read_only')) server.wire.cut();
    };
    await assert.rejects(another.query('select 1'), isUnavailable);
    server.wire.onSend = () => {};
    assert.deepEqual(await another.query('select 1 as one'), [{ one: 1 }]);
    await another.close();
  });

  test('silently, a statement times out and its outcome is unknown', async () => {
    server.wire.onSend = (text) => {
      if (text.includes('values (3)')) server.wire.silence();
    };
    await assert.rejects(server.database.query('insert into kept values (3)'), isOutcomeUnknown);
    server.wire.onSend = () => {};
    assert.deepEqual(await server.database.query('select 1 as one'), [{ one: 1 }]);
  });
});

/** The numbers of sequential scans and of index scans of a table in the current transaction. */
async function scansOf(sql: Sql, table: string): Promise<{ whole: number; byIndex: number }> {
  const [scans] = await sql.query<{ whole: number; byIndex: number }>(
    'select seq_scan as whole, idx_scan as "byIndex" from pg_stat_xact_user_tables where relname = $1',
    [table],
  );
  assert.ok(scans);
  return scans;
}
