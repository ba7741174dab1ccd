import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../platform/database/database.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { book, createEvent, expect, signInAdmin, withSystem } from '../support/system.ts';

eachDatabase((kind, open) => {
  const system = withSystem(open);

  test('with one client the answer waits only for the database', async (t) => {
    const admin = await signInAdmin(system.client);
    const eventId = await createEvent(system.client, admin, { price: 0, slots: 100_000 });
    await system.database.query('create table plain (id bigint primary key, value bigint)');
    const tookMs: number[] = [];
    const plainMs: number[] = [];
    // Bookings and plain writes alternate, so that other work on the machine slows down both alike.
    for (let time = 1; time <= 100; time += 1) {
      tookMs.push(await measure(() => expect(201, book(system.client, admin, eventId))));
      plainMs.push(await measure(() => writePlainly(system.database, time)));
    }
    t.diagnostic(`${kind}: ${median(tookMs).toFixed(1)} ms, and ${median(plainMs).toFixed(1)} ms for the SQL alone`);
    // The bound leaves room for HTTP and the event loop, but not for timers of 10 ms in all four steps of a booking.
    assert.ok(median(tookMs) < 3 * median(plainMs) + 10, `a booking took ${median(tookMs)} ms`);
  });
});

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

/** Only the SQL of a booking: as many writes, in as many statements and transactions. */
async function writePlainly(database: Database, id: number): Promise<void> {
  await database.query('insert into plain values ($1, 1)', [-id]);
  for (const key of [2 * id, 2 * id + 1]) {
    await database.transaction(async (sql) => {
      await sql.query('select * from plain where id = $1 for update', [-id]);
      await sql.query('select * from plain where id = $1', [key]);
      await sql.query('insert into plain values ($1, 1)', [key]);
      await sql.query('update plain set value = value + 1 where id = $1', [-id]);
    });
    await database.query('update plain set value = value + 1 where id = $1', [-id]);
  }
}
