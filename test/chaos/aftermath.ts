import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReconciliationReport } from '../../contracts/book/reconciliation.ts';
import type { Sql } from '../../platform/database/database.ts';
import { brokenRules } from '../support/money.ts';
import type { Crowd } from './crowd.ts';
import type { Death, Fleet, LogLine } from './fleet.ts';
import { findLies } from './lies.ts';

/** The time limit for all bookings to settle after all faults are repaired, in milliseconds. */
const settledWithinMs = 30_000;

/**
 * Waits until every booking has settled and every slot of a canceled event is released. @returns the time it took, in
 * milliseconds.
 */
export async function settle(sql: Sql): Promise<number> {
  const beganMs = performance.now();
  for (;;) {
    const open = await sql.query(`
      select id, status, attempts, last_error from book.booking where due_at is not null
      union all
      select s.booking_id, 0, 0, 'slot held at a canceled event'
        from events.slot as s join events.event as e on e.id = s.event_id
       where s.state = 'granted' and e.canceled_at is not null
       limit 5`);
    const tookMs = performance.now() - beganMs;
    if (open.length === 0) return Math.round(tookMs);
    assert.ok(tookMs < settledWithinMs, `not settled after ${settledWithinMs} ms: ${JSON.stringify(open)}`);
    await pause(100);
  }
}

/** Fails if the tables break a rule, the reconciliation reports a finding, or an answer to a client is not true. */
export async function assertNothingIsLost(crowd: Crowd, sql: Sql): Promise<void> {
  assert.deepEqual(await brokenRules(sql), {});
  assert.deepEqual((await findLies(crowd.ledger, sql)).slice(0, 10), []);
  const answer = await crowd.reconcile();
  assert.ok(answer?.status === 200, answer?.text);
  const { clean, findings } = answer.json as ReconciliationReport;
  assert.ok(clean, JSON.stringify(findings));
}

/**
 * The line that a process prints if its database does not answer at the start. The process then ends, and the fleet
 * restarts it, as happens in production.
 */
const foundNoDatabase = /^\w+ can't start: its database does not answer: /;

/** Fails if a process ended unexpectedly, did not end after SIGTERM, or logged an error that no fault explains. */
export function assertOrderly({ deaths, log, replicas }: Fleet): void {
  const isExplained = ({ end, isOurs, wasReady, stderr }: Death) =>
    (isOurs && stderr === '' && (end === 'SIGKILL' || end === 0)) ||
    (!isOurs && !wasReady && end === 1 && foundNoDatabase.test(stderr));
  assert.deepEqual(
    deaths.filter((death) => !isExplained(death)),
    [],
  );
  const isError = ({ level, text }: LogLine) => level >= 50 && !foundNoDatabase.test(text);
  assert.deepEqual(log.filter(isError).slice(0, 5), []);
  assert.deepEqual(
    replicas.filter(({ pid }) => pid !== undefined).map(({ name }) => name),
    [],
  );
}
