import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Sql } from '../../../platform/database/database.ts';

/** The time limit for the callers to arrive at a lock. */
const patienceMs = 60_000;

/**
 * Waits until `count` statements wait for locks. Only statements in this database are counted, because other tests may
 * use the same server. @throws AssertionError after a minute.
 */
export async function untilWaiting(sql: Sql, count: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const endMs = performance.now() + patienceMs;
  for (let waiting = -1; waiting !== count; await pause(5)) {
    waiting = (await sql.query(text)).length;
    assert.ok(waiting === count || performance.now() < endMs, `${waiting} statements wait for a lock, not ${count}`);
  }
}

/**
 * Waits until every transaction that began before now has ended, including those of other databases on the same server.
 * While such a transaction is open, a query for changes returns every row written since it began, even rows that an
 * earlier query has returned.
 * @throws AssertionError after a minute.
 */
export async function untilAllBeforeHaveEnded(sql: Sql): Promise<void> {
  const [now] = await sql.query<{ id: string }>('select pg_current_xact_id()::text as id');
  const older = 'select 1 where pg_snapshot_xmin(pg_current_snapshot()) <= $1::text::xid8';
  for (const endMs = Date.now() + 60_000; (await sql.query(older, [now?.id])).length > 0; await pause(10)) {
    assert.ok(Date.now() < endMs, `a transaction that began before ${now?.id} does not end`);
  }
}

/**
 * Makes several callers meet at a lock, so their order does not depend on timing: each begins when the earlier ones
 * wait, and the lock is released when all wait.
 * @param hold takes the lock, in a transaction that is rolled back at the end.
 * @returns the outcome of each caller, in the order of `asked`.
 */
export async function meetAt<Result>(
  database: Database,
  hold: (sql: Sql) => Promise<unknown>,
  asked: readonly (() => Promise<Result>)[],
): Promise<PromiseSettledResult<Result>[]> {
  const begun: Promise<PromiseSettledResult<Result>[]>[] = [];
  const allHaveMet = new Error('all have met');
  // Opens a connection for each caller and two more in advance: opening one would use up part of the lock timeout.
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
