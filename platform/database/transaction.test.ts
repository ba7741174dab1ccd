import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bothDatabases, skipWithoutPostgres } from '../../test/support/databases/databases.ts';
import { OutcomeUnknown, Unavailable } from '../errors.ts';
import type { Database } from './database.ts';
import { withWire } from './postgres/wire.fixture.ts';
import { Committing, conflictOnDuplicate, WriteConflict } from './transaction.ts';

const insert = 'insert into kept values ($1)';

bothDatabases((_kind, open) => {
  let database: Database;
  before(async () => {
    database = await open();
    await database.query('create table kept (id bigint primary key)');
  });
  beforeEach(() => database.query('delete from kept'));
  const kept = async () =>
    (await database.query<{ id: number }>('select id from kept order by id')).map(({ id }) => id);

  test('the final writes of a transaction are committed with it', async () => {
    const result = await database.transaction(async (sql) => {
      await sql.query(insert, [1]);
      return new Committing('done', sql.query(insert, [2]), sql.query(insert, [3]));
    });
    assert.equal(result, 'done');
    assert.deepEqual(await kept(), [1, 2, 3]);
  });

  test('a transaction may consist only of its final writes', async () => {
    await database.transaction(
      async (sql) => new Committing(undefined, sql.query(insert, [1]), sql.query(insert, [2])),
    );
    assert.deepEqual(await kept(), [1, 2]);
  });

  test('a final write that cannot be sent rolls the transaction back, and the database stays usable', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const values of [[circular], [[circular]]]) {
      const work = database.transaction(
        async (sql) =>
          new Committing('done', sql.query(insert, [1]), sql.query(insert, values), sql.query(insert, [3])),
      );
      await assert.rejects(work);
    }
    assert.deepEqual(await kept(), []);
  });

  test('a final write that fails rolls the transaction back with the first error, and the database stays usable', async () => {
    await database.query(insert, [2]);
    for (let time = 0; time < 5; time += 1) {
      const work = database.transaction(async (sql) => {
        await sql.query(insert, [1]);
        return new Committing('done', sql.query(insert, [2]), sql.query(insert, [3]));
      });
      await assert.rejects(work, { code: '23505', constraint: 'kept_pkey' });
    }
    assert.deepEqual(await kept(), [2]);
  });

  test('a duplicate key is a WriteConflict; other errors stay unchanged', async () => {
    await database.query(insert, [1]);
    await assert.rejects(conflictOnDuplicate(database.query(insert, [1])), WriteConflict);
    await assert.rejects(
      conflictOnDuplicate(database.query(insert, ['none'])),
      (error) => !(error instanceof WriteConflict),
    );
    assert.equal(await conflictOnDuplicate(Promise.resolve('answer')), 'answer');
  });

  test('a statement sent after the commit is not executed', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await database.transaction(async (sql) => {
      setTimeout(() => {
        late = sql.query(insert, [2]);
        late.catch(() => {});
      });
      return new Committing(undefined, sql.query(insert, [1]));
    });
    await pause(50);
    await assert.rejects(late);
    assert.deepEqual(await kept(), [1]);
  });

  test('a statement sent after the rollback is not executed', async () => {
    const failure = new Error('no');
    let ask = (): Promise<unknown> => Promise.resolve();
    const work = database.transaction(async (sql) => {
      ask = () => sql.query(insert, [2]);
      await sql.query(insert, [1]);
      throw failure;
    });
    await assert.rejects(work, failure);
    await assert.rejects(ask());
    assert.deepEqual(await kept(), []);
  });
});

describe('on a server', { skip: skipWithoutPostgres }, () => {
  const server = withWire(1);
  const write = (first: number) =>
    server.database.transaction(async (sql) => {
      await sql.query('select from kept for update');
      return new Committing(undefined, sql.query(insert, [first]), sql.query(insert, [first + 1]));
    });

  test('the final writes and the commit are sent in one packet', async () => {
    const packets: string[] = [];
    await write(1);
    server.wire.onSend = (text) => packets.push(text);
    await write(3);
    assert.equal(packets.length, 2, packets.join('\n'));
    assert.match(packets[0] ?? '', /begin/);
    assert.match(packets[1] ?? '', /commit/);
  });

  test('a connection that breaks before the final writes are sent is Unavailable, without unhandled rejections', async () => {
    server.wire.onSend = (text) => {
      if (text.includes('begin')) server.wire.cut();
    };
    const work = server.database.transaction(
      async (sql) => new Committing(undefined, sql.query(insert, [7]), sql.query(insert, [8])),
    );
    await assert.rejects(work, (error) => error instanceof Unavailable && !(error instanceof OutcomeUnknown));
  });

  test('a connection that breaks during the final writes leaves the outcome unknown', async () => {
    server.wire.onSend = (text) => {
      if (text.includes('commit')) server.wire.cut();
    };
    await assert.rejects(write(5), OutcomeUnknown);
  });
});
