import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createBookingKeys } from '../../book/bookings/create-once.ts';
import { idempotencyStore } from '../../book/bookings/insert-store.ts';
import { createBookStore } from '../../book/bookings/store.ts';
import type { BookingDraft } from '../../book/saga/booking-schema.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { meetAt, untilWaiting } from '../../test/support/databases/meeting.ts';
import type { Database } from '../database/database.ts';
import { KeyReused } from '../errors.ts';
import type { Keyed } from '../http/idempotency-key.ts';

const now = new Date(Date.UTC(2026, 0, 1));
const dueAt = new Date(now.getTime() + 5_000);
const keyed = (key: string, personId = 1, fingerprint = 'event 1'): Keyed => ({
  personId,
  route: 'POST /book/create',
  key,
  fingerprint,
});
const draft = (key?: string, personId = 1): BookingDraft => ({
  personId,
  eventId: 1,
  ...(key !== undefined && { keyed: keyed(key, personId) }),
});

async function openBookings(open: Open) {
  const database = await open();
  let statements = 0;
  const counted: Database = {
    ...database,
    query: (text, values) => {
      statements += 1;
      return database.query(text, values);
    },
    transaction: (work) => {
      statements += 1;
      return database.transaction(work);
    },
  };
  const store = createBookStore(counted);
  const insert = async (...drafts: BookingDraft[]) =>
    (await store.insert(drafts, now, dueAt)).map((booking) => booking?.id);
  const count = async () =>
    Number((await database.query<{ n: number }>('select count(*) as n from book.booking'))[0]?.n);
  /** Finds keys without a booking, and bookings with several keys. */
  const stray = () =>
    database.query(
      `select k.key from book.idempotency as k left join book.booking as b on b.id = k.answer::bigint where b.id is null
       union all
       select min(key) from book.idempotency group by answer having count(*) > 1`,
    );
  return { database, bookings: createBookingKeys(database), insert, count, stray, statements: () => statements };
}

eachDatabase((kind, open) => {
  describe('a batch of bookings, some with an idempotency key', () => batches(open));

  // PGlite has one connection, so nothing runs concurrently.
  if (kind === 'PostgreSQL')
    describe('bookings with the same idempotency keys, sent concurrently', () => concurrentBatches(open));
});

function batches(open: Open): void {
  test('each key is stored once, and the order is kept', async () => {
    const { insert, count, stray } = await openBookings(open);
    assert.deepEqual(await insert(draft('a'), draft(), draft('b')), [1, 2, 3]);
    const [first, second, third] = await insert(draft('b'), draft(), draft('c'));
    assert.equal(first, undefined);
    assert.ok(second !== undefined && third !== undefined && second < third);
    assert.equal(await count(), 5);
    assert.deepEqual(await stray(), []);
  });

  test('of two drafts with one key the first is stored, and the second returns nothing', async () => {
    const { insert, count, stray, bookings } = await openBookings(open);
    const [first, second, other] = await insert(draft('a'), draft('a'), draft('a', 2));
    assert.equal(second, undefined);
    assert.ok(other !== undefined);
    assert.equal(await count(), 2);
    assert.equal(await bookings.idOf(keyed('a')), first);
    assert.deepEqual(await stray(), []);
  });

  test('one draft object twice in a batch is stored once', async () => {
    const { insert, count, stray } = await openBookings(open);
    const same = draft('a');
    const [first, second] = await insert(same, same, draft());
    assert.ok(first !== undefined);
    assert.equal(second, undefined);
    assert.equal(await count(), 2);
    assert.deepEqual(await stray(), []);
  });

  test('a key returns its booking, and rejects a different request', async () => {
    const { insert, bookings } = await openBookings(open);
    const [id] = await insert(draft('a'));
    assert.equal(await bookings.idOf(keyed('a')), id);
    assert.equal(await bookings.idOf(keyed('b')), undefined);
    await assert.rejects(bookings.idOf(keyed('a', 1, 'event 2')), KeyReused);
  });

  test('a batch without keys takes one statement', async () => {
    const { insert, statements } = await openBookings(open);
    await insert(draft(), draft(), draft());
    assert.equal(statements(), 1);
  });

  test('a cancellation’s key rejects another booking', async () => {
    const { bookings } = await openBookings(open);
    await bookings.keep(keyed('a'), 7, now);
    await bookings.keep(keyed('a'), 7, now);
    await assert.rejects(bookings.keep(keyed('a', 1, 'booking 8'), 8, now), KeyReused);
  });

  test('any sequence of batches with any keys stores one booking for each key', async () => {
    const { insert, count, stray } = await openBookings(open);
    let round = 0;
    const batches = fc.array(fc.array(fc.option(fc.integer({ min: 1, max: 6 })), { maxLength: 10 }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (drawn) => {
        round += 1;
        const before = await count();
        const keys = new Map<number, number>();
        for (const items of drawn) {
          const ids = await insert(...items.map((key) => draft(key === null ? undefined : `${round} ${key}`)));
          for (const [index, key] of items.entries()) {
            const isNew = key === null || !keys.has(key);
            assert.equal(ids[index] !== undefined, isNew);
            if (key !== null && isNew) keys.set(key, ids[index] ?? 0);
          }
        }
        const without = drawn.flat().filter((key) => key === null).length;
        assert.equal((await count()) - before, without + keys.size);
      }),
      { numRuns: 25 },
    );
    assert.deepEqual(await stray(), []);
  });
}

function concurrentBatches(open: Open): void {
  test('10 keys, 50 times each, in batches of any order: each is stored once, without a deadlock', async () => {
    const { insert, count, stray, bookings } = await openBookings(open);
    let round = 0;
    const orders = fc.shuffledSubarray(
      Array.from({ length: 500 }, (_, index) => index % 10),
      { minLength: 500 },
    );
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        round += 1;
        const before = await count();
        const batches = Array.from({ length: 50 }, (_, index) => order.slice(index * 10, index * 10 + 10));
        const ids = await Promise.all(
          batches.map((items) => insert(...items.map((key) => draft(`${round} ${key}`)), draft())),
        );
        // Each of the 10 keys has one booking. Each of the 50 batches has also stored one booking without a key.
        assert.equal((await count()) - before, 10 + 50);
        for (let key = 0; key < 10; key += 1) {
          const answered = batches.flatMap((items, at) =>
            items.flatMap((each, index) => (each === key ? (ids[at]?.[index] ?? []) : [])),
          );
          assert.deepEqual(answered, [await bookings.idOf(keyed(`${round} ${key}`))]);
        }
      }),
      { numRuns: 3 },
    );
    assert.deepEqual(await stray(), []);
  });

  test('two batches with the same keys in opposite orders do not deadlock', async () => {
    const { database, insert, bookings } = await openBookings(open);
    const ends = await meetAt(
      database,
      (sql) => idempotencyStore.insert(sql, [{ ...keyed('a'), answer: '77', refusal: null }], now),
      [() => insert(draft('b'), draft('a'), draft('c')), () => insert(draft('c'), draft('a'), draft('b'))],
    );
    const [first, second] = ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason));
    // Either transaction may be first.
    const [won, lost] = first[0] === undefined ? [second.toReversed(), first] : [first, second];
    assert.deepEqual(lost, [undefined, undefined, undefined]);
    assert.deepEqual(won, await Promise.all(['b', 'a', 'c'].map((key) => bookings.idOf(keyed(key)))));
    assert.ok(won.every((id: unknown) => typeof id === 'number'));
  });

  test('when another process inserts a key first, the second waits and deletes its own booking', async () => {
    const { database, insert, count, bookings } = await openBookings(open);
    let second: Promise<(number | undefined)[]> | undefined;
    await database.transaction(async (sql) => {
      await idempotencyStore.insert(sql, [{ ...keyed('a'), answer: '77', refusal: null }], now);
      second = insert(draft('a'), draft());
      await untilWaiting(database, 1);
    });
    const [lost, other] = (await second) ?? [];
    assert.equal(lost, undefined);
    assert.ok(other !== undefined);
    assert.equal(await count(), 1);
    assert.equal(await bookings.idOf(keyed('a')), 77);
  });
}
