import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import type { Database, Sql } from '../database/database.ts';
import { Conflict, KeyInFlight, KeyReused, Unauthenticated, Unavailable } from '../errors.ts';
import type { Keyed } from '../http/idempotency-key.ts';
import { createLog } from '../telemetry/log.ts';
import { pause, realWorld } from '../world.ts';
import { Cleanup } from './cleanup.ts';
import { runOnce } from './run-once.ts';
import { IdempotencyStore, retentionMs } from './store.ts';

const world = realWorld();
const store = new IdempotencyStore('events');
const began = Date.UTC(2026, 0, 1);
const keyed = (key: string, rest: Partial<Keyed> = {}): Keyed => ({
  personId: 1,
  route: 'POST /things',
  key,
  fingerprint: 'one thing',
  ...rest,
});

/** A write that adds a row each time it runs, so that tests can count the runs. */
async function openThings(open: Open) {
  const database = await open();
  await database.query('create table thing (id bigint generated always as identity, name text not null)');
  const add = (name: string) => async (sql: Sql) => {
    const [row] = await sql.query<{ id: number }>('insert into thing (name) values ($1) returning id', [name]);
    return { z: row?.id, a: name };
  };
  const once = <Answer>(as: Keyed | undefined, work: (sql: Sql) => Promise<Answer>, atMs = began) =>
    runOnce(database, store, { keyed: as, now: new Date(atMs) }, work);
  const count = async () => Number((await database.query<{ n: number }>('select count(*) as n from thing'))[0]?.n);
  return { database, add, once, count };
}

eachDatabase((kind, open) => {
  describe('a write with an idempotency key', () => {
    answers(open);
    failures(open);
    deletions(open);
  });

  // PGlite has one connection, so nothing runs concurrently.
  if (kind === 'PostgreSQL') describe('concurrent writes with an idempotency key', () => concurrentWrites(open));
});

function answers(open: Open): void {
  test('runs once, and a repeat gets the first answer', async () => {
    const { add, once, count } = await openThings(open);
    const first = await once(keyed('k'), add('x'));
    const again = await once(keyed('k'), add('x'));
    assert.equal(JSON.stringify(again), JSON.stringify(first));
    assert.equal(await count(), 1);
  });

  test('runs every time without a key', async () => {
    const { add, once, count } = await openThings(open);
    for (let time = 0; time < 3; time += 1) await once(undefined, add('x'));
    assert.equal(await count(), 3);
  });

  test('is rejected when the key was used for another request, and changes nothing', async () => {
    const { add, once, count } = await openThings(open);
    await once(keyed('k'), add('x'));
    await assert.rejects(once(keyed('k', { fingerprint: 'another' }), add('y')), KeyReused);
    assert.equal(await count(), 1);
  });

  test('is independent of the same key of another person or route', async () => {
    const { add, once, count } = await openThings(open);
    await once(keyed('k'), add('x'));
    await once(keyed('k', { personId: 2 }), add('y'));
    await once(keyed('k', { route: 'POST /others' }), add('z'));
    assert.equal(await count(), 3);
  });
}

function failures(open: Open): void {
  test('repeats the first refusal, even if the write could succeed now', async () => {
    const { add, once, count } = await openThings(open);
    const refuse = async (sql: Sql) => {
      await add('rolled back')(sql);
      throw new Conflict('too many', 'delta');
    };
    const isRefusal = (error: Conflict) =>
      error.name === 'Conflict' && error.message === 'too many' && error.field === 'delta';
    await assert.rejects(once(keyed('k'), refuse), isRefusal);
    await assert.rejects(once(keyed('k'), add('x')), isRefusal);
    assert.equal(await count(), 0);
  });

  for (const failure of [new Unavailable('no'), new Unauthenticated('no'), new Error('a mistake of ours')]) {
    test(`runs again after a failure: ${failure.name}`, async () => {
      const { add, once, count } = await openThings(open);
      const fail = async (sql: Sql) => {
        await add('rolled back')(sql);
        throw failure;
      };
      await assert.rejects(once(keyed('k'), fail), failure);
      await once(keyed('k'), add('x'));
      assert.equal(await count(), 1);
    });
  }
}

function deletions(open: Open): void {
  test('runs again once its answer is older than 24 hours and deleted', async () => {
    const { database, add, once, count } = await openThings(open);
    let nowMs = began;
    const log = createLog('silent');
    const cleanup = new Cleanup({ database, store, world: { ...world, now: () => nowMs }, log });
    await once(keyed('k'), add('x'));
    nowMs = began + retentionMs;
    assert.equal(await cleanup.run(), 0);
    await once(keyed('k'), add('x'), nowMs);
    assert.equal(await count(), 1);
    nowMs += 1;
    assert.equal(await cleanup.run(), 1);
    await once(keyed('k'), add('x'), nowMs);
    assert.equal(await count(), 2);
  });

  test('only old answers are deleted, in batches of 1,000', async () => {
    const { database } = await openThings(open);
    const keys = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({
        ...keyed(`k${from + index}`),
        answer: '1',
        refusal: null,
      }));
    await store.insert(database, keys(0, 2_500), new Date(began));
    await store.insert(database, keys(2_500, 2_600), new Date(began + 1));
    const sizes: number[] = [];
    const counted: Database = {
      ...database,
      async query<Row extends object>(text: string, values?: readonly unknown[]) {
        const rows = await database.query<Row>(text, values);
        sizes.push(rows.length);
        return rows;
      },
    };
    const later = { ...world, now: () => began + retentionMs + 1 };
    const cleanup = new Cleanup({ database: counted, store, world: later, log: createLog('silent') });
    assert.equal(await cleanup.run(), 2_500);
    assert.deepEqual(sizes, [1_000, 1_000, 500]);
    assert.equal((await store.read(database, keys(2_500, 2_600))).filter(Boolean).length, 100);
  });
}

function concurrentWrites(open: Open): void {
  test('while the first runs, repeats are rejected at once', async (t) => {
    const { add, once, count } = await openThings(open);
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    t.after(() => goOn());
    let isBegun = () => {};
    const hasBegun = new Promise<void>((resolve) => (isBegun = resolve));
    const first = once(keyed('k'), async (sql) => {
      isBegun();
      await mayGoOn;
      return add('x')(sql);
    });
    await hasBegun;
    const others = await Promise.allSettled(Array.from({ length: 20 }, () => once(keyed('k'), add('x'))));
    assert.ok(others.every((other) => other.status === 'rejected' && other.reason instanceof KeyInFlight));
    await once(keyed('another'), add('y'));
    goOn();
    assert.deepEqual(await once(keyed('k'), add('x')).catch(() => first), await first);
    assert.equal(await count(), 2);
  });

  test('10 keys, 50 concurrent requests each: every key runs once, with one answer', async () => {
    const { add, once, count, database } = await openThings(open);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          Array.from({ length: 500 }, (_, index) => index % 10),
          { minLength: 500 },
        ),
        async (order) => {
          round += 1;
          const before = await count();
          const answers = await Promise.all(
            order.map(async (each) => {
              for (;;) {
                try {
                  return [each, JSON.stringify(await once(keyed(`${round} ${each}`), add(`${each}`)))] as const;
                } catch (error) {
                  // On a busy machine no connection may be free in time.
                  if (!(error instanceof KeyInFlight || error instanceof Unavailable)) throw error;
                  await pause(world, 5);
                }
              }
            }),
          );
          assert.equal((await count()) - before, 10);
          assert.equal(new Set(answers.map(([, answer]) => answer)).size, 10);
        },
      ),
      { numRuns: 3 },
    );
    const stored = await database.query('select key from events.idempotency');
    assert.equal(stored.length, round * 10);
  });
}
