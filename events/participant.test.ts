import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { StepRequest } from '../contracts/reply.ts';
import type { Database } from '../kit/db.ts';
import { Contradiction } from '../kit/errors.ts';
import { createLog } from '../kit/log.ts';
import { realWorld } from '../kit/world.ts';
import { eachDatabase } from '../tests/databases.ts';
import { anyCalls, Caller, callsOfMany } from '../tests/participants.ts';
import { createEvents } from './service.ts';
import { createEventsStore } from './store.ts';

const world = realWorld();
const log = createLog('silent');
let lastBooking = 0;

/** A participant on a fresh database, with an event for each number of slots. */
async function openEvents(database: Database, ...slots: number[]) {
  const { events } = await createEvents({ database, world, log });
  const store = createEventsStore(database);
  const draft = { name: 'run', price: 5, organizerId: 1 };
  const ids: number[] = [];
  for (const totalSlots of slots) ids.push((await store.create({ ...draft, totalSlots }, new Date())).id);
  return { events, store, ids };
}

/** Counters and granted slots of each event must be the same number, within the total. */
async function takenSlots(database: Database, eventId: number): Promise<number> {
  const [row] = await database.query<{ taken: number; total: number; granted: number }>(
    `select taken_slots as taken, total_slots as total,
            (select count(*) from events.slot where event_id = e.id and state = 'granted') as granted
       from events.event as e where id = $1`,
    [eventId],
  );
  assert.ok(row);
  assert.equal(row.taken, row.granted, 'the counter is what was granted');
  assert.ok(row.taken <= row.total, 'oversold');
  return row.taken;
}

eachDatabase((kind, open) => {
  describe('events answers sets', () => {
    test('any calls in any order with any repetitions: the rules of replays hold, and nothing is oversold', async () => {
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

    test('bookings of several events stand in one set, those of unknown events too', async () => {
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

    test('two questions under one booking id: the whole set fails, and nothing is written', async () => {
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
  });

  // PGlite has one connection: nothing is asked at once there.
  if (kind === 'PostgreSQL')
    describe('events is asked by many at once', () => {
      test('overlapping sets, and releases against occupies, from 8 callers: every rule holds', async () => {
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
    });
});
