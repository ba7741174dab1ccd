import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { problemOf } from '../../platform/http/problem-details.ts';
import { realWorld, type World } from '../../platform/world.ts';
import { ReconciliationRuns } from './runs.ts';

/** Reconciliation runs in which account answers `looks` queries for its highest booking id, and is then unavailable. */
function runsUntil(looks: number): ReconciliationRuns {
  const real = realWorld();
  // Pauses take no time.
  const world: World = { ...real, later: (_delayMs, work) => real.later(0, work) };
  let left = looks;
  const answer = async () => ({ bookingId: 1 });
  const away = async () => {
    left -= 1;
    if (left < 0) throw new Unavailable('account is unavailable');
    return { bookingId: 1 };
  };
  const records = { events: { highestBooking: answer }, account: { highestBooking: away } };
  const store = { highest: async () => 1, raiseIds: async () => undefined };
  const parts = { store, records, world, participants: {}, bookings: {} } as unknown;
  return new ReconciliationRuns(parts as ConstructorParameters<typeof ReconciliationRuns>[0]);
}

const statusOf = async (report: Promise<unknown>) =>
  report.then(
    () => 200,
    (error) => problemOf(error, 'POST').status,
  );

test('an interrupted comparison is 503; an interrupted repair is 504, because it may have stored something', async () => {
  for (const looks of [0, 1]) {
    await assert.rejects(runsUntil(looks).run('repair').report, OutcomeUnknown);
    assert.equal(await statusOf(runsUntil(looks).run('repair').report), 504);
  }
  assert.equal(await statusOf(runsUntil(0).run('check').report), 503);
});
