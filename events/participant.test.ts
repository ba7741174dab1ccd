import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { StepRequest } from '../contracts/step.ts';
import type { Database, Sql } from '../platform/database/database.ts';
import { Contradiction } from '../platform/errors.ts';
import { createLog } from '../platform/telemetry/log.ts';
import { realWorld } from '../platform/world.ts';
import { eachDatabase, type Open } from '../test/support/databases/databases.ts';
import { meetAt } from '../test/support/databases/meeting.ts';
import { anyCalls, Caller, callsOfMany, changeLocked, noAuditLog, noPeople } from '../test/support/participants.ts';
import { changeEvent } from './edits.ts';
import { createEventsRecords } from './reconciliation-store.ts';
import { createEvents } from './service.ts';
import { createEventsStore } from './store.ts';

const world = realWorld();
const log = createLog('silent');
let lastBooking = 0;

/** A participant on a fresh database, with one event for each given number of slots. */
async function openEvents(database: Database, ...slots: number[]) {
  const { events } = await createEvents({ database, world, log, auditLog: noAuditLog, people: noPeople });
  const store = createEventsStore(database);
  const draft = { name: 'run', price: 5, organizerId: 1 };
  const ids: number[] = [];
  for (const totalSlots of slots) ids.push((await store.create({ ...draft, totalSlots }, new Date())).id);
  return { events, store, ids };
}

/** Checks that the counter of taken slots equals the granted slots and is at most the total. @returns the counter. */
async function takenSlots(database: Database, eventId: number): Promise<number> {
  const [row] = await database.query<{ taken: number; total: number; granted: number }>(
    `select taken_slots as taken, total_slots as total,
            (select count(*) from events.slot where event_id = e.id and state = 'granted') as granted
       from events.event as e where id = $1`,
    [eventId],
  );
  assert.ok(row);
  assert.equal(row.taken, row.granted, 'the counter equals the granted slots');
  assert.ok(row.taken <= row.total, 'oversold');
  return row.taken;
}

eachDatabase((kind, open) => {
  describe('events handles batches', () => {
    batches(open);
    saleRules(open);
    readings(open);
    highestPeople(open);
  });

  // PGlite has one connection and cannot run concurrent transactions.
  if (kind === 'PostgreSQL') describe('concurrent calls to events', () => concurrentCalls(open));
});

function highestPeople(open: Open): void {
  test('the highest person that events knows is an organizer or a helper', async () => {
    const database = await open();
    const { ids } = await openEvents(database, 1);
    const records = createEventsRecords(database);
    assert.deepEqual(await records.highestPerson({}), { personId: 1 });
    await database.query(
      `insert into events.helper (event_id, person_id, access, added_at) values ($1, 9, 'scan', now())`,
      ids,
    );
    assert.deepEqual(await records.highestPerson({}), { personId: 9 });
  });
}

function batches(open: Open): void {
  test('any calls, in any order, with any repetitions: repeats get the recorded reply, and nothing is oversold', async () => {
    const database = await open();
    const { events, store } = await openEvents(database);
    await fc.assert(
      fc.asyncProperty(anyCalls(12), fc.integer({ min: 1, max: 6 }), async (calls, totalSlots) => {
        const draft = { name: 'run', price: 5, organizerId: 1, totalSlots };
        const { id: eventId } = await store.create(draft, new Date());
        lastBooking += 100;
        const first = lastBooking;
        const requestOf = (booking: number): StepRequest => ({
          bookingId: first + booking,
          eventId,
          personId: booking,
        });
        const caller = new Caller({ act: events.occupy, undo: events.release }, requestOf);
        for (const call of calls) await caller.call(call);
        caller.checkAnswers();
        assert.equal(await takenSlots(database, eventId), caller.held().length);
      }),
      { numRuns: 60 },
    );
  });

  test('one batch can book several events, unknown ones included', async () => {
    const { events, ids } = await openEvents(await open(), 1, 1);
    const set = [
      { bookingId: 1, eventId: ids[1] ?? 0, personId: 1 },
      { bookingId: 2, eventId: 999, personId: 2 },
      { bookingId: 3, eventId: ids[0] ?? 0, personId: 3 },
      { bookingId: 4, eventId: ids[1] ?? 0, personId: 4 },
    ];
    const replies = [
      { accepted: true, price: 5 },
      { accepted: false, reason: 'no_such_event' },
      { accepted: true, price: 5 },
      { accepted: false, reason: 'no_slots' },
    ];
    assert.deepEqual(await events.occupy(set), replies);
    assert.deepEqual(await events.occupy(set.toReversed()), replies.toReversed());
  });

  test('two different requests with one booking id: the whole batch fails, and nothing is written', async () => {
    const database = await open();
    const { events, ids } = await openEvents(database, 5);
    const eventId = ids[0] ?? 0;
    await events.occupy([{ bookingId: 1, eventId, personId: 1 }]);
    const set = [
      { bookingId: 2, eventId, personId: 2 },
      { bookingId: 1, eventId, personId: 77 },
    ];
    await assert.rejects(events.occupy(set), Contradiction);
    assert.equal(await takenSlots(database, eventId), 1);
  });
}

function saleRules(open: Open): void {
  test('a person’s limit applies per event across batches, and a released slot frees room for another', async () => {
    const { events, store } = await openEvents(await open());
    const draft = { name: 'run', price: 5, organizerId: 1, totalSlots: 9 };
    const limited = await store.create({ ...draft, maxPerPerson: 2 }, new Date());
    const other = await store.create({ ...draft, maxPerPerson: 1 }, new Date());
    const ask = (bookingId: number, eventId: number, personId = 1) => ({ bookingId, eventId, personId });
    const outcomes = async (...set: StepRequest[]) =>
      (await events.occupy(set)).map((reply) => (reply.accepted ? 'granted' : reply.reason));
    assert.deepEqual(await outcomes(ask(1, limited.id), ask(2, other.id)), ['granted', 'granted']);
    assert.deepEqual(await outcomes(ask(3, limited.id), ask(4, limited.id), ask(5, other.id), ask(6, other.id, 2)), [
      'granted',
      'limit_per_person',
      'limit_per_person',
      'granted',
    ]);
    await events.release([ask(1, limited.id)]);
    assert.deepEqual(await outcomes(ask(7, limited.id), ask(8, limited.id)), ['granted', 'limit_per_person']);
    assert.deepEqual(await outcomes(ask(4, limited.id)), ['limit_per_person'], 'a recorded refusal is returned again');
  });

  test('a request before sales open is refused, by the clock of events', async () => {
    const { events, store } = await openEvents(await open());
    const draft = { name: 'run', price: 5, organizerId: 1, totalSlots: 9 };
    const [later, now] = [world.now() + 60_000, world.now() - 1];
    const closed = await store.create({ ...draft, saleOpensAt: new Date(later) }, new Date());
    const open_ = await store.create({ ...draft, saleOpensAt: new Date(now) }, new Date());
    const set = [closed, open_].map(({ id: eventId }, index) => ({ bookingId: index + 1, eventId, personId: 1 }));
    assert.deepEqual(await events.occupy(set), [
      { accepted: false, reason: 'sales_not_open' },
      { accepted: true, price: 5 },
    ]);
  });
}

function readings(open: Open): void {
  test('held slots of canceled events are listed page by page, each once, without slots of other events', async () => {
    const { events, store, ids } = await openEvents(await open(), 9, 9, 9, 9);
    const [first = 0, going = 0, empty = 0, last = 0] = ids;
    // An id that does not fit into 32 bits.
    const highest = 2 ** 40;
    const held = [
      [first, 1],
      [first, 5],
      [first, highest],
      [last, 2],
      [last, 4],
      [last, highest + 1],
    ].map(([eventId = 0, bookingId = 0]) => ({ bookingId, eventId, personId: 1 }));
    await events.occupy([...held, { bookingId: 3, eventId: going, personId: 1 }]);
    await events.occupy([{ bookingId: 6, eventId: first, personId: 1 }]);
    await events.release([{ bookingId: 6, eventId: first, personId: 1 }]);
    for (const id of [last, empty, first]) await store.cancel(id, new Date());
    for (const limit of [1, 2, 3, 4, 100]) {
      const told: StepRequest[] = [];
      for (let page: StepRequest[] | undefined; page === undefined || page.length > 0; told.push(...page)) {
        const { eventId: afterEventId = 0, bookingId: afterBookingId = 0 } = told.at(-1) ?? {};
        page = await store.heldAtCanceled({ afterEventId, afterBookingId, limit });
        assert.ok(page.length <= limit);
      }
      assert.deepEqual(told, held);
    }
  });

  test('descriptions of events are read in batches; unknown events are left out', async () => {
    const { events, store, ids } = await openEvents(await open(), 5);
    const fields = { startsAt: new Date('2026-05-01T19:00:00Z'), venue: 'Kirov stadium', cancelUntil: new Date(0) };
    const told = await store.create({ name: 'run', price: 5, organizerId: 7, totalSlots: 9, ...fields }, new Date());
    const [plain, full, ...others] = await events.describe([ids[0] ?? 0, told.id, 999]);
    assert.deepEqual(others, []);
    const unchanged = { movedAt: null, earlierTerms: [], timeZone: null, helpers: [] };
    const none = { startsAt: null, venue: null, cancelUntil: null, ...unchanged };
    assert.deepEqual(plain, { id: ids[0], organizerId: 1, name: 'run', totalSlots: 5, ...none });
    const moments = { startsAt: '2026-05-01T19:00:00.000Z', cancelUntil: '1970-01-01T00:00:00.000Z' };
    assert.deepEqual(full, {
      id: told.id,
      organizerId: 7,
      name: 'run',
      totalSlots: 9,
      venue: 'Kirov stadium',
      ...moments,
      ...unchanged,
    });
  });
}

function concurrentCalls(open: Open): void {
  test('requests of two people with one booking id, for an unknown event, share no lock: one fails', async () => {
    const database = await open();
    const { events } = await openEvents(database);
    const occupy = (personId: number) => () => events.occupy([{ bookingId: 1, eventId: 999, personId }]);
    const ends = await meetAt(
      database,
      (sql) =>
        sql.query(`insert into events.slot (booking_id, event_id, person_id, state, decided_at)
                   values (1, 999, 3, 'undone', now())`),
      [occupy(1), occupy(2)],
    );
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    assert.equal(failures.length, 1);
    assert.ok(failures[0] instanceof Contradiction, String(failures[0]));
  });

  const lockEvent = (eventId = 0) => {
    return (sql: Sql) => sql.query('select from events.event where id = $1 for update', [eventId]);
  };

  test('8 concurrent requests for the last slot of an event: one gets it', async () => {
    const database = await open();
    const { events, ids } = await openEvents(database, 1);
    const occupy = (bookingId: number) => () =>
      events.occupy([{ bookingId, eventId: ids[0] ?? 0, personId: bookingId }]);
    const [first, ...others] = await meetAt(database, lockEvent(ids[0]), [1, 2, 3, 4, 5, 6, 7, 8].map(occupy));
    assert.deepEqual(first, { status: 'fulfilled', value: [{ accepted: true, price: 5 }] });
    const refused = { status: 'fulfilled', value: [{ accepted: false, reason: 'no_slots' }] };
    assert.deepEqual(others, new Array(7).fill(refused));
    assert.equal(await takenSlots(database, ids[0] ?? 0), 1);
  });

  test('a price that changes while bookings wait for the lock: the new price is compared, and charged', async () => {
    const database = await open();
    const { events, store, ids } = await openEvents(database, 9);
    const eventId = ids[0] ?? 0;
    const change = async () => {
      await store.once({ keyed: undefined, now: new Date() }, (tables) =>
        changeLocked(tables, eventId, (event) => changeEvent(event, { price: 8 }, new Date())),
      );
      return [];
    };
    const occupy = (bookingId: number, expectedPrice: number) => () =>
      events.occupy([{ bookingId, eventId, personId: 1, expectedPrice }]);
    const [, old, fresh] = await meetAt<readonly unknown[]>(database, lockEvent(eventId), [
      change,
      occupy(1, 5),
      occupy(2, 8),
    ]);
    assert.deepEqual(old, { status: 'fulfilled', value: [{ accepted: false, reason: 'price_changed' }] });
    assert.deepEqual(fresh, { status: 'fulfilled', value: [{ accepted: true, price: 8 }] });
  });

  test('8 concurrent releases of one booking release its slot once', async () => {
    const database = await open();
    const { events, ids } = await openEvents(database, 9);
    const set = [1, 2].map((bookingId) => ({ bookingId, eventId: ids[0] ?? 0, personId: 1 }));
    await events.occupy(set);
    const releases = new Array(8).fill(() => events.release(set.slice(0, 1)));
    const done = { status: 'fulfilled', value: [{ accepted: true }] };
    assert.deepEqual(await meetAt(database, lockEvent(ids[0]), releases), new Array(8).fill(done));
    assert.equal(await takenSlots(database, ids[0] ?? 0), 1);
  });

  test('one person’s limit holds for batches from 8 callers', async () => {
    const { events, store } = await openEvents(await open());
    const draft = { name: 'run', price: 5, organizerId: 1, totalSlots: 500, maxPerPerson: 3 };
    const { id: eventId } = await store.create(draft, new Date());
    const sets = Array.from({ length: 8 }, (_, caller) =>
      Array.from({ length: 10 }, (_each, index) => ({ bookingId: caller * 10 + index + 1, eventId, personId: 1 })),
    );
    const replies = (await Promise.all(sets.map((set) => events.occupy(set)))).flat();
    assert.equal(replies.filter(({ accepted }) => accepted).length, 3);
  });

  test('overlapping batches, and releases against occupies, from 8 callers: every rule holds', async () => {
    const database = await open();
    const { events, ids } = await openEvents(database, 40, 40, 40);
    const caller = new Caller({ act: events.occupy, undo: events.release }, (booking) => ({
      bookingId: booking,
      eventId: booking % 4 === 0 ? 9_999 : (ids[booking % 3] ?? 0),
      personId: booking,
    }));
    const work = callsOfMany(8, 60);
    await Promise.all(
      work.map(async (calls) => {
        for (const call of calls) await caller.call(call);
      }),
    );
    caller.checkAnswers();
    let taken = 0;
    for (const id of ids) taken += await takenSlots(database, id);
    assert.equal(taken, caller.held().length);
  });
}
