import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventDetail } from '../contracts/events.ts';
import type { Database } from '../kit/db.ts';
import { openPostgres } from '../kit/postgres.ts';
import { settle } from './aftermath.ts';
import { createDatabase, type FreshDatabase, skipWithoutPostgres } from './databases.ts';
import { brokenRules } from './money.ts';
import {
  book,
  createEvent,
  createPeople,
  expect,
  type Person,
  type System,
  signInAdmin,
  startSystem,
} from './system.ts';

const bookings = 100_000;
const price = 7;
const clients = 32;
const measuredMs = 6_000;

/**
 * Writes down `bookings` complete bookings of an event as the services would have: each with its slot, its payment and
 * its transfer, of a thousand people who had the money. Booked one by one they would take minutes.
 */
async function fill(database: Database, eventId: number): Promise<void> {
  const at = new Date();
  const people = 1_000;
  const each = bookings / people;
  await database.query(
    `insert into account.account (person_id, balance, deposited)
     select 1000000 + n, 0, $1 from generate_series(1, $2) as n`,
    [each * price, people],
  );
  await database.query(
    `insert into account.transfer (kind, person_id, amount, made_at)
     select 'deposit', 1000000 + n, $1, $3 from generate_series(1, $2) as n`,
    [each * price, people, at],
  );
  await database.query(
    `insert into book.booking (person_id, event_id, price, status, occupying_at, paying_at, complete_at)
     select 1000001 + n % $1, $2, $3, 4, $4, $4, $4 from generate_series(1, $5) as n`,
    [people, eventId, price, at, bookings],
  );
  await database.query(
    `insert into events.slot (booking_id, event_id, person_id, state, price, decided_at)
     select id, event_id, person_id, 'granted', price, $2 from book.booking where event_id = $1`,
    [eventId, at],
  );
  await database.query('update events.event set taken_slots = $2 where id = $1', [eventId, bookings]);
  await database.query(
    `insert into account.payment (booking_id, event_id, person_id, state, amount, decided_at)
     select id, event_id, person_id, 'paid', price, $2 from book.booking where event_id = $1`,
    [eventId, at],
  );
  await database.query(
    `insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
     select 'payment', person_id, event_id, id, price, $2 from book.booking where event_id = $1`,
    [eventId, at],
  );
  for (const table of ['account.account', 'account.payment', 'account.transfer', 'events.slot', 'book.booking']) {
    await database.query(`analyze ${table}`);
  }
}

describe('an event with 100,000 bookings is canceled', { skip: skipWithoutPostgres }, () => {
  let system: System;
  let fresh: FreshDatabase;
  let admin: Person;
  let people: Person[];
  before(async () => {
    fresh = await createDatabase();
    system = await startSystem(openPostgres(fresh.url, 20));
    admin = await signInAdmin(system.client);
    people = await createPeople(system.client, clients, 1_000_000);
  });
  after(async () => {
    await system.stop();
    await system.database.close();
    await fresh.drop();
  });

  // On a connection of its own: the services' plan for looks by an index, and end what takes long.
  const rulesBroken = () => system.database.connection((sql) => brokenRules(sql));
  const eventOf = (id: number) => expect<EventDetail>(200, system.client.ask('GET', `/events/get/${id}`));

  /** Books another event from all clients until told to stop. @returns how many bookings a second came about. */
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

  test('all is given back, and other events are booked at no less than half their rate meanwhile', async (context) => {
    const hot = await createEvent(system.client, admin, { price, slots: bookings });
    const other = await createEvent(system.client, admin, { price: 1, slots: 2_000_000_000 });
    await fill(system.database, hot);
    assert.deepEqual(await rulesBroken(), {});
    await rateOf(other, forMs(2_000));
    const usual = await rateOf(other, forMs(measuredMs));

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
      assert.ok(performance.now() - beganMs < 180_000, 'not all was given back in three minutes');
    }
    const tookS = (performance.now() - beganMs) / 1_000;
    const rate = await meanwhile;
    context.diagnostic(`${bookings} bookings given back in ${tookS.toFixed(1)} s`);
    context.diagnostic(`other events: ${usual.toFixed(0)} bookings a second before, ${rate.toFixed(0)} meanwhile`);
    assert.ok(rate >= usual / 2, `${rate.toFixed(0)} a second is less than half of ${usual.toFixed(0)}`);

    await settle(system.database);
    assert.deepEqual(await rulesBroken(), {});
    const left = await system.database.query('select id from book.booking where event_id = $1 and status <> -1', [hot]);
    assert.deepEqual(left, []);
  });
});

function forMs(ms: number): () => boolean {
  const endMs = performance.now() + ms;
  return () => performance.now() > endMs;
}
