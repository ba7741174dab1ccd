import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../platform/database/database.ts';
import { realWorld, type World } from '../../platform/world.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { book, createEvent, expect, type Person, type System, signInAdmin, startSystem } from '../support/system.ts';

/** Housekeeping looks around about every second. Whatever else waited would wait for less. */
const housekeepingMs = 900;

eachDatabase((kind, open) => {
  /** The sizes of the sets that were asked to occupy slots, and the delays of the timers that ran out meanwhile. */
  let sets: number[] = [];
  let waitedMs: number[] = [];
  let system: System;
  let admin: Person;

  const world: World = {
    ...realWorld(),
    later: (delayMs, work) =>
      realWorld().later(delayMs, () => {
        if (delayMs < housekeepingMs) waitedMs.push(delayMs);
        work();
      }),
  };

  before(async () => {
    const asked = (action: string, size: number) => void (action === 'occupy' && sets.push(size));
    system = await startSystem(await open(), { world, events: { asked } });
    admin = await signInAdmin(system.client);
  });
  after(() => system.stop());
  beforeEach(() => {
    sets = [];
    waitedMs = [];
  });

  /** An event of which the audit trail has been told: that has a timer of its own, and nobody's booking waits for it. */
  async function createQuietEvent(): Promise<number> {
    const eventId = await createEvent(system.client, admin, { price: 0, slots: 100_000 });
    while ((await system.database.query('select id from events.outbox')).length > 0) await pause(20);
    waitedMs = [];
    return eventId;
  }

  /** Books once, free of charge. @returns how long the answer took, in milliseconds. */
  const bookOnce = (eventId: number) => measure(() => expect(201, book(system.client, admin, eventId)));

  test('with 256 clients the mean set is above 20, and no timer made it so', async (t) => {
    const eventId = await createQuietEvent();
    await system.client.connect(256);
    const bookings = async () => {
      for (let time = 0; time < 8; time += 1) await bookOnce(eventId);
    };
    await Promise.all(Array.from({ length: 256 }, bookings));
    const mean = sets.reduce((sum, size) => sum + size, 0) / sets.length;
    t.diagnostic(`${kind}: ${sets.length} sets, ${mean.toFixed(0)} bookings each`);
    assert.equal(mean * sets.length, 256 * 8);
    assert.ok(mean > 20, `the mean set was ${mean}`);
    assert.deepEqual(waitedMs, []);
  });

  test('with one client every set is one, and the answer waits for the database alone', async (t) => {
    const eventId = await createQuietEvent();
    await system.database.query('create table plain (id bigint primary key, value bigint)');
    const tookMs: number[] = [];
    const plainMs: number[] = [];
    // By turns, so that whatever else the machine does slows down both alike.
    for (let time = 1; time <= 100; time += 1) {
      tookMs.push(await bookOnce(eventId));
      plainMs.push(await measure(() => writePlainly(system.database, time)));
    }
    t.diagnostic(`${kind}: ${median(tookMs).toFixed(1)} ms, and ${median(plainMs).toFixed(1)} ms for the SQL alone`);
    assert.deepEqual(
      sets,
      Array.from({ length: 100 }, () => 1),
    );
    assert.deepEqual(waitedMs, []);
    // HTTP and the turns of the loop come on top; a timer of 10 ms in any of the four steps would be far beyond this.
    assert.ok(median(tookMs) < 3 * median(plainMs) + 10, `a booking took ${median(tookMs)} ms`);
  });
});

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

/** Writes as much as a booking does, in as many transactions and statements, and does nothing else. */
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
