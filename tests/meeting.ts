import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Sql } from '../kit/db.ts';

/** How long they may take to come to a lock, in milliseconds. Whoever waited there for 2 s is sent away by the server. */
const patienceMs = 2_000;

/**
 * Waits until so many statements wait for locks. Only those of this database count: others may be on the same server.
 * @throws AssertionError when they don't within two seconds.
 */
export async function untilWaiting(sql: Sql, count: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const endMs = performance.now() + patienceMs;
  for (let waiting = -1; waiting !== count; await pause(5)) {
    waiting = (await sql.query(text)).length;
    assert.ok(waiting === count || performance.now() < endMs, `${waiting} wait for a lock, not ${count}`);
  }
}

/**
 * Lets several meet at a lock, so that what they do there depends on no chance: they begin one after the other, each
 * when those before it wait, and the lock is let go when all of them do.
 *
 * @param hold takes the lock, in a transaction of its own that is undone in the end.
 * @returns how each of them ended, in their order.
 */
export async function meetAt<Result>(
  database: Database,
  hold: (sql: Sql) => Promise<unknown>,
  asked: readonly (() => Promise<Result>)[],
): Promise<PromiseSettledResult<Result>[]> {
  const begun: Promise<PromiseSettledResult<Result>[]>[] = [];
  const allHaveMet = new Error('all have met');
  // A connection for each, and two more: opened now, because whoever waits is not waited for long.
  await Promise.all([...asked, hold, hold].map(() => database.query('select pg_sleep(0.02)')));
  const held = database.transaction(async (sql) => {
    await hold(sql);
    for (const ask of asked) {
      begun.push(Promise.allSettled([ask()]));
      await untilWaiting(database, begun.length);
    }
    throw allHaveMet;
  });
  await held.catch((error) => {
    if (error !== allHaveMet) throw error;
  });
  return (await Promise.all(begun)).flat();
}
