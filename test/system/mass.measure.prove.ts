import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { settle } from '../chaos/aftermath.ts';
import { openMigrated, skipWithoutPostgres } from '../support/databases/databases.ts';
import { analyze, fill } from '../support/databases/fill.ts';
import { isLong } from '../support/long.ts';
import { brokenRules } from '../support/money.ts';
import {
  book,
  createEvent,
  createPeople,
  expect,
  type Person,
  type System,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

/** In a short run the cancellation ends too soon to compare rates. */
const bookings = isLong ? 100_000 : 1_000;
const price = 7;
const clients = 32;
const measuredMs = isLong ? 6_000 : 1_000;

describe(`an event with ${bookings} bookings is canceled`, { skip: skipWithoutPostgres }, () => {
  let admin: Person;
  let people: Person[];
  async function prepare({ client }: System): Promise<void> {
    admin = await signInAdmin(client);
    people = await createPeople(client, clients, 1_000_000);
  }
  const system = withSystem(() => openMigrated(20), { prepare });
  after(() => system.database.close());

  // Runs on a connection of its own: the pool's connections prefer index lookups and cancel long statements.
  const rulesBroken = () => system.database.connection((sql) => brokenRules(sql));
  const eventOf = (id: number) => expect<EventDetail>(200, system.client.ask('GET', `/events/get/${id}`));

  /** Books at an event until `isOver`, as all people at the same time. @returns the bookings per second. */
  async function rateOf(eventId: number, isOver: () => boolean): Promise<number> {
    const beganMs = performance.now();
    let complete = 0;
    const one = async (person: Person) => {
      while (!isOver()) {
        const { status } = await expect<{ status: number }>(201, book(system.client, person, eventId));
        assert.equal(status, 4);
        complete += 1;
      }
    };
    await Promise.all(people.map(one));
    return (complete * 1_000) / (performance.now() - beganMs);
  }

  test('every booking is refunded, and other events are booked at half their rate or more meanwhile', async (context) => {
    const hot = await createEvent(system.client, admin, { price, slots: bookings });
    const other = await createEvent(system.client, admin, { price: 1, slots: 2_000_000_000 });
    await fill(system.database, hot, { bookings, price });
    await analyze(system.database);
    assert.deepEqual(await rulesBroken(), {});
    await rateOf(other, forMs(2_000));
    const before = await rateOf(other, forMs(measuredMs));

    const beganMs = performance.now();
    const { cancellation } = await expect<EventDetail>(
      200,
      system.client.ask('POST', '/events/cancel', { cookie: admin.cookie, body: { event_id: hot } }),
    );
    assert.equal(cancellation?.of, bookings);
    let isUndone = false;
    const meanwhile = rateOf(other, () => isUndone);
    while (!isUndone) {
      await pause(100);
      isUndone = (await eventOf(hot)).cancellation?.slots_given_back === bookings;
      assert.ok(performance.now() - beganMs < 600_000, 'some bookings were not canceled within ten minutes');
    }
    const tookS = (performance.now() - beganMs) / 1_000;
    const rate = await meanwhile;
    context.diagnostic(`${bookings} bookings canceled and refunded in ${tookS.toFixed(1)} s`);
    await settle(system.database);
    // The usual rate is measured before and after the cancellation, because the speed of the machine varies.
    const after = await rateOf(other, forMs(measuredMs));
    const usual = (before + after) / 2;
    context.diagnostic(
      `other events: ${before.toFixed(0)} bookings a second before, ${rate.toFixed(0)} meanwhile, ${after.toFixed(0)} after`,
    );
    assert.ok(rate > 0, 'no booking at another event completed meanwhile');
    if (isLong) assert.ok(rate >= usual / 2, `${rate.toFixed(0)} a second is less than half of ${usual.toFixed(0)}`);

    assert.deepEqual(await rulesBroken(), {});
    const left = await system.database.query('select id from book.booking where event_id = $1 and status <> -1', [hot]);
    assert.deepEqual(left, []);
  });
});

function forMs(ms: number): () => boolean {
  const endMs = performance.now() + ms;
  return () => performance.now() > endMs;
}
