import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '../../platform/database/database.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import type { Booking, StepReply } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { type BookStore, createBookStore } from './store.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const accepted = { accepted: true, price: 5 } as const;

async function openStore(database: Database) {
  return createBookStore(database);
}

async function insertOne(store: BookStore): Promise<Booking> {
  const [booking] = await store.insert([{ personId: 1, eventId: 1 }], at(0), at(5));
  assert.ok(booking);
  return booking;
}

test('the statuses are the numbers of the first specification', () => {
  const numbers = Object.fromEntries(bookingSaga.states.map((state) => [state, bookingSaga.table[state].number]));
  assert.deepEqual(numbers, { occupying: 1, paying: 3, complete: 4, refunding: -3, releasing: -2, canceled: -1 });
});

eachDatabase((kind, open) => {
  describe('bookings', () => {
    transitions(open);
    dueBookings(open);
    // PGlite has one connection and cannot run concurrent transactions.
    if (kind === 'PostgreSQL') concurrentRecoveries(open);
  });
});

function transitions(open: Open): void {
  test('the database and the saga table have the same open states, and each state has a timestamp', async () => {
    const database = await open();
    await openStore(database);
    const [row] = await database.query<{ check: string }>(
      `select pg_get_constraintdef(oid) as check from pg_constraint where conname = 'open_is_due'`,
    );
    const numbers = (row?.check ?? '').match(/-?\d+/g)?.map(Number) ?? [];
    const open_ = bookingSaga.open.map((state) => bookingSaga.table[state].number);
    assert.deepEqual(numbers.sort(), open_.sort());
    for (const state of bookingSaga.states) await database.query(`select ${state}_at from book.booking`);
  });

  test('are stored in the order given, with ascending ids', async () => {
    const store = await openStore(await open());
    const drafts = Array.from({ length: 50 }, (_, index) => ({ personId: 50 - index, eventId: index + 1 }));
    const stored = await store.insert(drafts, at(0), at(5));
    assert.deepEqual(
      stored.map((booking) => booking?.id),
      drafts.map((_, index) => index + 1),
    );
    assert.deepEqual(
      stored.map((booking) => booking?.eventId),
      drafts.map(({ eventId }) => eventId),
    );
  });

  test('move only from the expected state', async () => {
    const store = await openStore(await open());
    const [one, two] = await store.insert(
      [
        { personId: 1, eventId: 1 },
        { personId: 2, eventId: 1 },
      ],
      at(0),
      at(5),
    );
    assert.ok(one && two);
    const move = (item: Booking, to: Status = 'paying') => ({ item, to, answer: accepted });
    assert.equal((await store.move('occupying', [move(two), move(one)], at(1))).length, 2);
    assert.deepEqual(await store.move('occupying', [move(one)], at(2)), []);
    const [complete] = await store.move('paying', [move(one, 'complete')], at(3));
    assert.equal(complete?.state, 'complete');
    assert.equal(complete?.price, 5);
    const found = await store.get(one.id);
    assert.deepEqual(found?.history, { occupying: at(0), paying: at(1), complete: at(3) });
  });

  test('the first reason is kept: canceling an already refused booking does not replace the refusal', async () => {
    const store = await openStore(await open());
    const item = await insertOne(store);
    const { id } = item;
    const [paying] = await store.move('occupying', [{ item, to: 'paying', answer: accepted }], at(1));
    const refused = { accepted: false, reason: 'insufficient_funds' } as const;
    assert.ok(paying);
    const [releasing] = await store.move('paying', [{ item: paying, to: 'releasing', answer: refused }], at(2));
    assert.deepEqual(await store.cancel([{ id, reason: 'by_owner' }], at(3), at(8)), []);
    assert.ok(releasing);
    const answer = { accepted: true } as const;
    const [canceled] = await store.move('releasing', [{ item: releasing, to: 'canceled', answer }], at(4));
    assert.equal(canceled?.reason, 'insufficient_funds');
  });

  test('a moved booking is returned as it is stored', async () => {
    const store = await openStore(await open());
    const asStored = async (booking: Booking | undefined) => {
      assert.ok(booking);
      assert.deepEqual([booking], await store.read([booking.id]));
      return booking;
    };
    const moved = async (item: Booking, to: Status, answer: StepReply) =>
      asStored((await store.move(item.state, [{ item, to, answer }], at(1)))[0]);
    const paid = await moved(await asStored(await insertOne(store)), 'paying', accepted);
    await moved(paid, 'complete', { accepted: true });
    await moved(await insertOne(store), 'canceled', { accepted: false, reason: 'no_slots' });
    const paying = await moved(await insertOne(store), 'paying', accepted);
    const releasing = await moved(paying, 'releasing', { accepted: false, reason: 'insufficient_funds' });
    await moved(releasing, 'canceled', { accepted: true });
    const [refunding] = await store.cancel([{ id: paid.id, reason: 'by_owner' }], at(2), at(8));
    await store.postpone('refunding', [{ id: paid.id, dueAt: at(9), error: 'Error: why' }]);
    assert.ok(refunding);
    await moved(refunding, 'releasing', { accepted: true });
  });
}

function dueBookings(open: Open): void {
  test('due bookings are taken once, the longest due first; settled ones never', async () => {
    const store = await openStore(await open());
    const drafts = [1, 2, 3].map((personId) => ({ personId, eventId: 1 }));
    const stored = await store.insert(drafts, at(0), at(5));
    const [first, second, third] = stored.map((booking) => booking?.id);
    await store.pushDue([first ?? 0], at(6));
    const answer = { accepted: false, reason: 'no_slots' } as const;
    await store.move('occupying', [{ item: stored[2] as Booking, to: 'canceled', answer }], at(1));
    assert.deepEqual(await store.takeDue(at(4), at(9), 10), []);
    assert.deepEqual(
      (await store.takeDue(at(7), at(20), 1)).map(({ id }) => id),
      [second],
    );
    assert.deepEqual(
      (await store.takeDue(at(7), at(20), 10)).map(({ id }) => id),
      [first],
    );
    assert.deepEqual(await store.takeDue(at(7), at(20), 10), []);
    await store.pushDue([third ?? 0], at(6));
    assert.deepEqual(await store.takeDue(at(60), at(90), 10).then((due) => due.length), 2);
  });

  test('a failed attempt is counted with its error, and a transition resets the count', async () => {
    const database = await open();
    const store = await openStore(database);
    const { id } = await insertOne(store);
    await store.postpone('occupying', [{ id, dueAt: at(30), error: 'Error: why' }]);
    await store.postpone('paying', [{ id, dueAt: at(99), error: 'expected elsewhere' }]);
    assert.deepEqual(await store.takeDue(at(29), at(60), 10), []);
    const [due] = await store.takeDue(at(30), at(60), 10);
    assert.equal(due?.attempts, 1);
    assert.ok(due);
    const [moved] = await store.move('occupying', [{ item: due, to: 'paying', answer: accepted }], at(31));
    assert.equal(moved?.attempts, 0);
  });

  test('due_at is postponed for open bookings only, and their ids are returned', async () => {
    const store = await openStore(await open());
    const [open_, settled] = [await insertOne(store), await insertOne(store)];
    const answer = { accepted: false, reason: 'no_slots' } as const;
    await store.move('occupying', [{ item: settled, to: 'canceled', answer }], at(1));
    assert.deepEqual(await store.pushDue([open_.id, settled.id, 99], at(9)), [open_.id]);
  });
}

function concurrentRecoveries(open: Open): void {
  test('concurrent recoveries take each due booking once', async () => {
    const store = await openStore(await open());
    const drafts = Array.from({ length: 400 }, (_, index) => ({ personId: index + 1, eventId: 1 }));
    await store.insert(drafts, at(0), at(5));
    const taken = await Promise.all(Array.from({ length: 8 }, () => store.takeDue(at(6), at(60), 100)));
    const ids = taken.flat().map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('a lease renewal skips a row locked by another transaction, and does not return its id', async () => {
    const database = await open();
    const store = await openStore(database);
    const [one, other] = [await insertOne(store), await insertOne(store)];
    await database.transaction(async (sql) => {
      await sql.query('select from book.booking where id = $1 for update', [one.id]);
      assert.deepEqual(await store.pushDue([one.id, other.id], at(9)), [other.id]);
    });
    assert.equal((await store.pushDue([one.id, other.id], at(9))).length, 2);
  });
}
