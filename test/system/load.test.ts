import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachDatabase } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  deposit,
  expect,
  outcome,
  type Person,
  readBalance,
  signIn,
  signInAdmin,
  tally,
  withSystem,
} from '../support/system.ts';

eachDatabase((_kind, open) => {
  let admin: Person;
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
    },
  });

  const freeSlots = async (eventId: number) =>
    (await expect<{ free_slots: number }>(200, system.client.ask('GET', `/events/get/${eventId}`))).free_slots;

  test('2,000 bookings at once for 50 slots, by 100 people with money: 50 are complete, 50 prices taken', async () => {
    const { client } = system;
    const people = await createPeople(client, 100, 1_000);
    const eventId = await createEvent(client, admin, { price: 7, slots: 50 });
    await client.connect(2_000);
    const answers = await Promise.all(
      people.flatMap((person) => Array.from({ length: 20 }, () => book(client, person, eventId))),
    );
    assert.deepEqual(
      tally(answers, ({ status }) => status),
      { 201: 2_000 },
    );
    assert.deepEqual(tally(answers.map(bookingIn), outcome), { 4: 50, '-1 no_slots': 1_950 });
    assert.equal(new Set(answers.map((answer) => bookingIn(answer).id)).size, 2_000);
    assert.equal(await freeSlots(eventId), 0);
    const balances = await Promise.all(people.map((person) => readBalance(client, person)));
    assert.equal(
      balances.reduce((sum, balance) => sum + balance, 0),
      100 * 1_000 - 50 * 7,
    );
    assert.deepEqual(await brokenRules(system.database), {});
  });

  test('200 bookings at once by one person with money for 10: 10 are complete, and no other slot is taken', async () => {
    const { client } = system;
    const user = await signIn(client, 'user', 'userpassword');
    await deposit(client, user, 54);
    const eventId = await createEvent(client, admin, { price: 5, slots: 1_000 });
    const answers = await Promise.all(Array.from({ length: 200 }, () => book(client, user, eventId)));
    assert.deepEqual(
      tally(answers, ({ status }) => status),
      { 201: 200 },
    );
    assert.deepEqual(tally(answers.map(bookingIn), outcome), { 4: 10, '-1 insufficient_funds': 190 });
    assert.equal(await freeSlots(eventId), 1_000 - 10);
    assert.equal(await readBalance(client, user), 4);
    assert.deepEqual(await brokenRules(system.database), {});
  });
});
