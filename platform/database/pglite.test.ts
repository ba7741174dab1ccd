import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { emptyPglite } from '../../test/support/databases/pglite.ts';
import type { Database } from './database.ts';
import { FolderInUse } from './lock.ts';
import { openPglite } from './pglite.ts';

describe('in memory', () => {
  let database: Database;
  before(async () => {
    database = await openPglite(undefined, await emptyPglite());
    await database.query('create table kept (id bigint primary key)');
  });
  after(() => database.close());

  const kept = async () =>
    (await database.query<{ id: number }>('select id from kept order by id')).map(({ id }) => id);

  test('a bigint is read as a number; one above Number.MAX_SAFE_INTEGER is an error', async () => {
    const [row] = await database.query('select 9007199254740991::bigint as most, array[1, 2]::bigint[] as ids');
    assert.deepEqual(row, { most: Number.MAX_SAFE_INTEGER, ids: [1, 2] });
    await assert.rejects(database.query('select 9007199254740992::bigint'), RangeError);
    assert.deepEqual(await database.query('select 1 as one'), [{ one: 1 }]);
  });

  test('a transaction commits when its work returns, and rolls back when it throws', async () => {
    const answer = await database.transaction(async (sql) => {
      await sql.query('insert into kept values ($1)', [1]);
      return 'done';
    });
    assert.equal(answer, 'done');
    const failure = new Error('no');
    const work = database.transaction(async (sql) => {
      await sql.query('insert into kept values ($1)', [2]);
      throw failure;
    });
    await assert.rejects(work, failure);
    assert.deepEqual(await kept(), [1]);
  });

  test('a transaction whose work ignores a failed statement fails and stores nothing', async () => {
    const work = database.transaction(async (sql) => {
      await sql.query('insert into kept values (3)');
      await sql.query('insert into kept values (3)').catch(() => {});
    });
    await assert.rejects(work, /the work ignored a failed statement/);
    assert.deepEqual(await kept(), [1]);
  });

  test('the error of a statement keeps its code', async () => {
    await assert.rejects(database.query('insert into kept values (1)'), { code: '23505', constraint: 'kept_pkey' });
  });

  test('while a connection is lent, all other work waits and sees none of its uncommitted rows', async () => {
    const lent = database.connection(async (connection) => {
      await connection.script('begin; insert into kept values (10)');
      await delay(20);
      await connection.script('rollback');
    });
    const others = Promise.all([
      kept(),
      database.transaction(async (sql) => (await sql.query('select id from kept')).length),
      database.connection(async (connection) => (await connection.script('select id from kept')).length),
    ]);
    await lent;
    assert.deepEqual(await others, [[1], 1, 1]);
  });

  test('a connection waits for the running transaction', async () => {
    const transaction = database.transaction(async (sql) => {
      await sql.query('insert into kept values (20)');
      await delay(20);
      throw new Error('undone');
    });
    const seen = database.connection((connection) => connection.query('select id from kept where id = 20'));
    await assert.rejects(transaction, /undone/);
    assert.deepEqual(await seen, []);
  });

  test('a connection is free again after its borrower fails, and its open transaction can be rolled back', async () => {
    const lent = database.connection(async (connection) => {
      await connection.script('begin; insert into kept values (30)');
      throw new Error('gave up');
    });
    await assert.rejects(lent, /gave up/);
    await database.query('select 1');
    await database.connection((connection) => connection.script('rollback'));
    assert.deepEqual(await kept(), [1]);
  });
});

describe('in a folder', () => {
  const home = mkdtempSync(join(tmpdir(), 'startlist-pglite-'));
  after(() => rmSync(home, { recursive: true, force: true }));

  test('an open folder refuses other processes; after a kill it holds the committed rows', async () => {
    const folder = join(home, 'a', 'data');
    const script = `
      import { openPglite } from './pglite.ts';
      const database = await openPglite(${JSON.stringify(folder)});
      await database.query('create table kept (id bigint)');
      for (let id = 1; id <= 50; id += 1) await database.query('insert into kept values ($1)', [id]);
      await database.connection((connection) => connection.script('begin; insert into kept values (51)'));
      console.log('committed');
      process.stdin.resume();
    `;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await assert.rejects(openPglite(folder), new FolderInUse(`the folder ${folder} is in use by another Startlist`));
    holder.kill('SIGKILL');
    await once(holder, 'exit');

    const database = await openPglite(folder);
    assert.deepEqual(await database.query('select count(*) as many, max(id) as last from kept'), [
      { many: 50, last: 50 },
    ]);
    await database.close();
  });

  test('a folder is free again after its database is closed, and keeps its data', async () => {
    const folder = join(home, 'b');
    const first = await openPglite(folder, await emptyPglite());
    await assert.rejects(openPglite(folder), FolderInUse);
    await first.query('create table kept (id bigint)');
    await first.close();
    const second = await openPglite(folder);
    assert.deepEqual(await second.query('select id from kept'), []);
    await second.close();
  });
});
