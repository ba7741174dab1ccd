import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { realWorld, type World } from '../../platform/world.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { book, createEvent, expect, type Person, signInAdmin, withSystem } from '../support/system.ts';

/** Only shorter timers are recorded. Longer ones, such as the recovery's of about a second, do not delay bookings. */
const housekeepingMs = 900;

eachDatabase((kind, open) => {
  /** The sizes of the batches that occupied slots. */
  let sets: number[] = [];
  /** The delays of the timers that fired meanwhile. */
  let waitedMs: number[] = [];
  let admin: Person;

  const world: World = {
    ...realWorld(),
    later: (delayMs, work) =>
      realWorld().later(delayMs, () => {
        if (delayMs < housekeepingMs) waitedMs.push(delayMs);
        work();
      }),
  };

  const asked = (action: string, size: number) => void (action === 'occupy' && sets.push(size));
  const system = withSystem(open, {
    world,
    events: { asked },
    async prepare({ client }) {
      admin = await signInAdmin(client);
    },
  });
  beforeEach(() => {
    sets = [];
    waitedMs = [];
  });

  /** Creates an event and waits until its audit log entry is delivered, because delivery has a timer of its own. */
  async function createQuietEvent(): Promise<number> {
    const eventId = await createEvent(system.client, admin, { price: 0, slots: 100_000 });
    while ((await system.database.query('select id from events.outbox')).length > 0) await pause(20);
    waitedMs = [];
    return eventId;
  }

  /** Books once, at an event without a price. */
  const bookOnce = (eventId: number) => expect(201, book(system.client, admin, eventId));

  test('with 256 clients the mean batch is above 20, and no timer made it so', async (t) => {
    const eventId = await createQuietEvent();
    await system.client.connect(256);
    const bookings = async () => {
      for (let time = 0; time < 3; time += 1) await bookOnce(eventId);
    };
    await Promise.all(Array.from({ length: 256 }, bookings));
    const mean = sets.reduce((sum, size) => sum + size, 0) / sets.length;
    t.diagnostic(`${kind}: ${sets.length} batches of ${mean.toFixed(0)} bookings on average`);
    assert.equal(mean * sets.length, 256 * 3);
    assert.ok(mean > 20, `the mean batch was ${mean}`);
    assert.deepEqual(waitedMs, []);
  });

  test('with one client every batch has one booking, and no timer delayed it', async () => {
    const eventId = await createQuietEvent();
    for (let time = 0; time < 20; time += 1) await bookOnce(eventId);
    assert.deepEqual(
      sets,
      Array.from({ length: 20 }, () => 1),
    );
    assert.deepEqual(waitedMs, []);
  });
});
