import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import { pino } from 'pino';
import { eachDatabase, type Open } from '../test/support/databases/databases.ts';
import type { Database } from './database/database.ts';
import { Unavailable } from './errors.ts';
import { type Delivery, Outbox } from './outbox.ts';
import { pause, realWorld } from './world.ts';

interface Message {
  readonly text: string;
}

const world = realWorld();

eachDatabase((_kind, open) => {
  const post = withPost(open);
  deliveries(post);
  refusals(post);
});

type Post = ReturnType<typeof withPost>;

/** The fixture of the suite: outboxes in one database, which stop after each test, and what was delivered from them. */
function withPost(open: Open) {
  let database: Database;
  let delivered: Delivery<Message>[][];
  let refuse: (batch: readonly Message[]) => Error | undefined;
  const outboxes: Outbox<Message>[] = [];
  before(async () => {
    database = await open();
  });
  beforeEach(() => {
    delivered = [];
    refuse = () => undefined;
  });
  afterEach(async () => {
    await Promise.all(outboxes.splice(0).map((outbox) => outbox.stop()));
    await database.query('delete from events.outbox');
  });

  function openOutbox(log = pino({ level: 'silent' })): Outbox<Message> {
    const outbox = new Outbox<Message>({
      schema: 'events',
      database,
      world,
      log,
      async deliver(batch) {
        const refusal = refuse(batch);
        if (refusal !== undefined) throw refusal;
        delivered.push([...batch]);
      },
    });
    outboxes.push(outbox);
    return outbox;
  }

  return {
    get database() {
      return database;
    },
    get delivered() {
      return delivered;
    },
    openOutbox,
    /** Makes the receiver refuse every batch for which this function returns an error. */
    refuseIf(refusal: typeof refuse): void {
      refuse = refusal;
    },
    left: async () => (await database.query('select from events.outbox')).length,
    texts: () => delivered.flat().map(({ text }) => text),
  };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    assert.ok(tries < 1_000, 'timed out');
    await pause(world, 10);
  }
}

function deliveries(post: Post): void {
  test('committed messages are delivered in order, with a key and a time, and are deleted', async () => {
    const outbox = post.openOutbox();
    outbox.start();
    const earliest = world.now();
    await post.database.transaction((sql) => outbox.write(sql, [{ text: 'one' }, { text: 'two' }]));
    await until(async () => (await post.left()) === 0);
    assert.deepEqual(post.texts(), ['one', 'two']);
    const [one, two] = post.delivered.flat();
    assert.ok(one && two && one.key !== two.key && one.at >= earliest);
  });

  test('a message of a rolled back transaction is never delivered', async () => {
    const outbox = post.openOutbox();
    outbox.start();
    const broken = post.database.transaction(async (sql) => {
      await outbox.write(sql, [{ text: 'never' }]);
      throw new Error('no');
    });
    await assert.rejects(broken, /^Error: no$/);
    await post.database.transaction((sql) => outbox.write(sql, [{ text: 'then' }]));
    await until(() => post.delivered.length > 0);
    assert.deepEqual(post.texts(), ['then']);
  });

  test('messages that an earlier process left are delivered by the next one', async () => {
    await post.database.transaction((sql) => post.openOutbox().write(sql, [{ text: 'left' }]));
    assert.equal(await post.left(), 1);
    post.openOutbox().start();
    await until(async () => (await post.left()) === 0);
    assert.deepEqual(post.texts(), ['left']);
  });

  test('while the receiver is unavailable messages wait, and are delivered when it is back', async () => {
    const outbox = post.openOutbox();
    let isAway = true;
    post.refuseIf(() => (isAway ? new Unavailable('away') : undefined));
    outbox.start();
    await outbox.write(post.database, [{ text: 'one' }]);
    await pause(world, 100);
    assert.equal(await post.left(), 1);
    isAway = false;
    await outbox.write(post.database, [{ text: 'two' }]);
    await until(async () => (await post.left()) === 0);
    assert.deepEqual(post.texts(), ['one', 'two']);
  });

  test('steady writes do not postpone the delivery', async () => {
    const outbox = post.openOutbox();
    outbox.start();
    let written = 0;
    for (; written < 500 && post.delivered.length === 0; written += 1) {
      await post.database.transaction((sql) => outbox.write(sql, [{ text: String(written) }]));
      await pause(world, 3);
    }
    assert.ok(post.delivered.length > 0, `none of ${written} messages was delivered`);
  });

  test('many messages are delivered in batches of 500', async () => {
    const outbox = post.openOutbox();
    const messages = Array.from({ length: 1_201 }, (_, index) => ({ text: String(index) }));
    await outbox.write(post.database, messages);
    outbox.start();
    await until(async () => (await post.left()) === 0);
    assert.deepEqual(
      post.delivered.map(({ length }) => length),
      [500, 500, 201],
    );
    assert.deepEqual(
      post.texts(),
      messages.map(({ text }) => text),
    );
  });

  test('two processes deliver everything, and a message delivered twice has one key', async () => {
    const [one, two] = [post.openOutbox(), post.openOutbox()];
    await one.write(
      post.database,
      Array.from({ length: 50 }, (_, index) => ({ text: String(index) })),
    );
    one.start();
    two.start();
    await until(async () => (await post.left()) === 0);
    const keys = new Map(post.delivered.flat().map(({ key, text }) => [key, text]));
    assert.equal(keys.size, 50);
    assert.equal(new Set(keys.values()).size, 50);
  });
}

function refusals(post: Post): void {
  test('a refused message is logged with its id, and delays no other message', async () => {
    const logged: string[] = [];
    const outbox = post.openOutbox(pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }));
    post.refuseIf((batch) => (batch.some(({ text }) => text === 'poison') ? new Error('no such thing') : undefined));
    await outbox.write(
      post.database,
      ['a', 'b', 'poison', 'c', 'd'].map((text) => ({ text })),
    );
    outbox.start();
    await until(async () => (await post.left()) === 1);
    await until(() => logged.length > 0);
    assert.deepEqual(post.texts(), ['a', 'b', 'c', 'd']);
    assert.match(logged.join(''), /the receiver refused an outbox message/);
  });

  test('a refused message is retried alone, and no batch is split for it again', async () => {
    const outbox = post.openOutbox();
    const offered: number[] = [];
    post.refuseIf((batch) => {
      if (!batch.some(({ text }) => text === 'poison')) return undefined;
      offered.push(batch.length);
      return new Error('no such thing');
    });
    await outbox.write(post.database, [{ text: 'a' }, { text: 'poison' }, { text: 'b' }]);
    outbox.start();
    await until(() => offered.length >= 3);
    for (let count = 0; count < 10; count += 1) {
      await outbox.write(post.database, [{ text: String(count) }]);
      await until(() => post.texts().includes(String(count)));
    }
    assert.deepEqual(
      offered.filter((size) => size > 1).length,
      offered.indexOf(1),
      'isolated once, then retried alone',
    );
    // Messages are deleted from the outbox a moment after their delivery.
    await until(async () => (await post.left()) === 1);
  });

  test('a refused message is retried until the receiver accepts it', async () => {
    const outbox = post.openOutbox();
    let isHealed = false;
    post.refuseIf(() => (isHealed ? undefined : new Error('no such thing')));
    await outbox.write(post.database, [{ text: 'poison' }]);
    outbox.start();
    await pause(world, 200);
    isHealed = true;
    await until(async () => (await post.left()) === 0);
    assert.deepEqual(post.texts(), ['poison']);
  });
}
