import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../platform/database/database.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { createBookStore } from '../bookings/store.ts';
import { bookingSaga } from '../saga/table.ts';
import { IdAnnouncer } from './announce-ids.ts';
import { type RepairOptions, repair } from './repair.ts';
import { createReconciliationStore } from './store.ts';

const now = new Date('2026-01-01T12:00:00Z');
const later = new Date('2026-01-01T13:00:00Z');

eachDatabase((_kind, open) => {
  repairs(open);
  raisedIds(open);
});

async function openStores(open: Open) {
  const database = await open();
  const bookings = createBookStore(database);
  const insert = (count: number) =>
    bookings.insert(
      Array.from({ length: count }, () => ({ personId: 1, eventId: 1 })),
      now,
      now,
    );
  return { database, bookings, insert, store: createReconciliationStore(database) };
}

/** One booking in each state, in the order of the table. */
async function insertAll(database: Database): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const state of bookingSaga.states) {
    const isOpen = bookingSaga.open.includes(state);
    const [row] = await database.query<{ id: number }>(
      `insert into book.booking (person_id, event_id, price, status, reason, due_at, occupying_at)
       values (1, 1, 5, $1, $2, $3, $4)
    returning id`,
      [bookingSaga.table[state].number, state === 'canceled' ? 'by_owner' : null, isOpen ? now : null, now],
    );
    ids.set(state, row?.id ?? 0);
  }
  return ids;
}

function repairs(open: Open): void {
  test('only complete bookings move back to occupying, and only canceled ones to refunding', async () => {
    const { database, store, bookings } = await openStores(open);
    const ids = await insertAll(database);
    const before = await bookings.read([...ids.values()]);
    assert.equal(await store.occupyAgain([...ids.values()], later), 1);
    assert.equal(await store.refundAgain([...ids.values()], later), 1);
    const moved = new Map([
      [ids.get('complete'), 'occupying'],
      [ids.get('canceled'), 'refunding'],
    ]);
    const expected = before.map((booking) => ({ ...booking, state: moved.get(booking.id) ?? booking.state }));
    const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
    assert.deepEqual((await bookings.read([...ids.values()])).sort(byId), expected.sort(byId));
  });

  test('a repaired booking is due at once, and open since the repair', async () => {
    const { database, store, bookings } = await openStores(open);
    const ids = await insertAll(database);
    await database.query(`
      update book.booking
         set complete_at = occupying_at, canceled_at = case when status = -1 then occupying_at end
       where due_at is null`);
    const settled = [ids.get('complete') ?? 0, ids.get('canceled') ?? 0];
    assert.deepEqual(
      (await store.entriesOf(settled)).map(({ openSince }) => openSince),
      [null, null],
    );
    await store.occupyAgain(settled, later);
    await store.refundAgain(settled, later);
    assert.deepEqual(
      (await store.entriesOf(settled)).map(({ openSince }) => openSince),
      [later, later],
    );
    assert.equal(await store.countOpen(settled), 2);
    const due = await bookings.takeDue(later, later, 10);
    assert.ok(settled.every((id) => due.some((booking) => booking.id === id)));
    const histories = await Promise.all(settled.map(async (id) => (await bookings.get(id))?.history));
    assert.deepEqual(histories, [{ occupying: later }, { occupying: now, refunding: later, complete: now }]);
    const made = await Promise.all(settled.map(async (id) => (await bookings.get(id))?.bookedAt));
    assert.deepEqual(made, [now, now], 'an owner keeps the terms of the time of the booking');
  });

  test('a repair first raises the ids above those of the participants, and reports it', async () => {
    const { database, store, bookings, insert } = await openStores(open);
    await insert(3);
    await database.query('delete from book.booking');
    const asked: string[] = [];
    const answering =
      <Answer>(name: string, answer: Answer) =>
      async () => {
        asked.push(name);
        return answer;
      };
    const records = {
      events: {
        highestBooking: answering('highest', { bookingId: 50 }),
        highestPerson: answering('highest', { personId: 0 }),
        slotRecords: answering('records', [{ bookingId: 30, eventId: 9, personId: 8, state: 'released', price: 5 }]),
      },
      account: {
        highestBooking: answering('highest', { bookingId: 40 }),
        highestPerson: answering('highest', { personId: 0 }),
        paymentRecords: answering('records', []),
      },
    } as unknown as RepairOptions['records'];
    const participants = {} as RepairOptions['participants'];
    const noting: typeof store = {
      ...store,
      raiseIds(known) {
        asked.push('raise');
        return store.raiseIds(known);
      },
    };
    const raiseIds = (whose: string) => async (above: { readonly known: number }) => {
      asked.push(`${whose} above ${above.known}`);
      return {};
    };
    const givers = { people: { raiseIds: raiseIds('people') }, events: { raiseIds: raiseIds('events') } };
    const world = realWorld();
    const announcer = new IdAnnouncer({ store, records, givers, log: createLog('silent'), world });
    const names: RepairOptions['names'] = async () => [];
    const parts = { store: noting, bookings, records, participants, announcer, names, world };
    const { ids, ...mended } = await repair(parts);
    assert.deepEqual(ids, { from: 3, to: 50 });
    assert.ok(asked.indexOf('raise') < asked.indexOf('records'), `${asked}`);
    // Ids that occur only in a participant's records are announced as well.
    assert.deepEqual(asked.slice(-2), ['people above 8', 'events above 9']);
    assert.equal(mended.reoccupied, 0);
    assert.equal((await insert(1))[0]?.id, 51);
  });
}

function raisedIds(open: Open): void {
  test('ids are raised above the known and the stored ones, and never lowered', async () => {
    const { database, store, insert } = await openStores(open);
    assert.equal(await store.raiseIds(0), undefined);
    assert.deepEqual(await store.raiseIds(10), { from: 0, to: 10 });
    assert.equal(await store.raiseIds(10), undefined);
    assert.equal((await insert(1))[0]?.id, 11);
    assert.equal(await store.raiseIds(5), undefined);
    assert.equal((await insert(1))[0]?.id, 12);
    await database.query(
      `
      insert into book.booking (id, person_id, event_id, status, due_at, occupying_at)
      overriding system value values (20, 1, 1, 1, $1, $1)`,
      [now],
    );
    assert.deepEqual(await store.raiseIds(15), { from: 12, to: 20 });
    assert.equal((await insert(1))[0]?.id, 21);
  });

  test('the highest person is from any booking, the highest event only from bookings that had a slot', async () => {
    const { database, store } = await openStores(open);
    assert.deepEqual(await store.highestKnown(), { personId: 0, eventId: 0 });
    const madeUp = Number.MAX_SAFE_INTEGER;
    const add = (personId: number, eventId: number, columns: string, values: string) =>
      database.query(
        `insert into book.booking (person_id, event_id, occupying_at, ${columns}) values ($1, $2, $3, ${values})`,
        [personId, eventId, now],
      );
    const at = `'2026-01-01'`;
    await add(3, madeUp, 'status, due_at', `1, ${at}`);
    await add(4, madeUp, 'status, reason, canceled_at', `-1, 'no_such_event', ${at}`);
    await add(5, madeUp, 'status, reason, canceled_at', `-1, 'by_owner', ${at}`);
    assert.deepEqual(await store.highestKnown(), { personId: 5, eventId: 0 });
    await add(2, 6, 'status, price, due_at', `3, 5, ${at}`);
    assert.deepEqual(await store.highestKnown(), { personId: 5, eventId: 6 });
    await add(2, 7, 'status, price, complete_at', `4, 5, ${at}`);
    assert.deepEqual(await store.highestKnown(), { personId: 5, eventId: 7 });
    await add(2, 8, 'status, price, reason, complete_at', `-1, 5, 'by_owner', ${at}`);
    assert.deepEqual(await store.highestKnown(), { personId: 5, eventId: 8 });
  });

  test('bookings inserted while ids are raised get unique ids, above the known ones afterwards', async () => {
    const { store, insert } = await openStores(open);
    const made: number[] = [];
    for (let known = 0; known < 2_000; known += 50) {
      const inserting = Array.from({ length: 8 }, () => insert(5));
      const raising = Promise.all([store.raiseIds(known), store.raiseIds(known)]);
      for (const bookings of await Promise.all(inserting)) made.push(...bookings.map((booking) => booking?.id ?? 0));
      await raising;
      const [next] = await insert(1);
      assert.ok((next?.id ?? 0) > known);
      made.push(next?.id ?? 0);
    }
    assert.equal(new Set(made).size, made.length);
  });
}
