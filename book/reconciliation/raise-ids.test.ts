import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../platform/errors.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld, type World } from '../../platform/world.ts';
import { IdRaiser } from './raise-ids.ts';
import type { ReconciliationStore } from './store.ts';
import type { ParticipantRecords } from './walks.ts';

/**
 * Participants that know bookings up to these ids. In the store, `raised` records the ids above which new ids must
 * begin.
 */
function scene(known: { events: number; account: number }, world: World = realWorld()) {
  const raised: number[] = [];
  let isAway = false;
  const answer = async (bookingId: number) => {
    if (isAway) throw new Unavailable('away');
    return { bookingId };
  };
  const records = {
    events: { highestBooking: () => answer(known.events) },
    account: { highestBooking: () => answer(known.account) },
  } as unknown as ParticipantRecords;
  const store = {
    async raiseIds(above) {
      raised.push(above);
      return undefined;
    },
  } as Partial<ReconciliationStore> as ReconciliationStore;
  const ids = new IdRaiser(store, records, world, createLog('silent'));
  return {
    ids,
    raised,
    leave: (away: boolean) => {
      isAway = away;
    },
  };
}

test('before the first booking, ids are raised above those that either participant knows', async () => {
  const { ids, raised } = scene({ events: 7, account: 9 });
  ids.start();
  await ids.checked();
  assert.deepEqual(raised, [9]);
  ids.stop();
});

test('a booking that waits while the service stops is refused', async () => {
  const { ids, leave } = scene({ events: 7, account: 9 });
  leave(true);
  ids.start();
  const waiting = ids.checked();
  ids.stop();
  await assert.rejects(waiting, Unavailable);
});

test('after an outage of the database, ids are raised again before the next booking', async () => {
  const { ids, raised } = scene({ events: 7, account: 9 });
  ids.check();
  ids.check();
  await ids.checked();
  assert.deepEqual(raised, [9], 'two checks at once share one attempt');
  ids.check();
  await ids.checked();
  assert.deepEqual(raised, [9, 9]);
  ids.stop();
});

test('bookings wait at most 2 s for an unavailable participant; ids are raised when it responds again', async () => {
  const { ids, raised, leave } = scene({ events: 7, account: 5 });
  leave(true);
  const beganMs = performance.now();
  ids.start();
  await ids.checked();
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs > 1_900 && tookMs < 10_000, `${tookMs} ms`);
  assert.deepEqual(raised, []);
  leave(false);
  while (raised.length === 0) await delay(20);
  assert.deepEqual(raised, [7]);
  ids.stop();
});

test('repeated checks during an outage share one wait of 2 s', async () => {
  const real = realWorld();
  const patience: number[] = [];
  const world: World = {
    ...real,
    later(delayMs, work) {
      if (delayMs === 2_000) patience.push(delayMs);
      return real.later(delayMs, work);
    },
  };
  const { ids, raised, leave } = scene({ events: 7, account: 5 }, world);
  leave(true);
  const beganMs = performance.now();
  ids.check();
  const first = ids.checked();
  for (const endMs = beganMs + 1_500; performance.now() < endMs; await delay(10)) ids.check();
  await Promise.all([first, ids.checked()]);
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs < 3_000, `the last caller waited ${tookMs} ms`);
  ids.check();
  assert.equal(patience.length, 1);
  leave(false);
  while (raised.length === 0) await delay(20);
  ids.stop();
});
