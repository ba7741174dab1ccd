import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachDatabase } from '../support/databases/databases.ts';
import {
  type Answer,
  book,
  bookingIn,
  createEvent,
  createPeople,
  type Person,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

/** The number of concurrent logins: more than fit in the queue for password checks. */
const stormers = 300;
const bookings = 10;

eachDatabase((_kind, open) => {
  const system = withSystem(open);

  test('a storm of logins is refused beyond its queue, and bookings go on all the while', async () => {
    const { client } = system;
    const eventId = await createEvent(client, await signInAdmin(client), { price: 1, slots: 2 * bookings });
    const [runner] = (await createPeople(client, 1, 2 * bookings)) as [Person];
    assert.equal((await book(client, runner, eventId)).status, 201);

    let isOver = false;
    let underWay = 0;
    const answers: Answer[] = [];
    async function storm(): Promise<void> {
      while (!isOver) {
        underWay += 1;
        const body = { login: 'user', password: 'not the one' };
        const answer = await client.ask('POST', '/login', { body });
        underWay -= 1;
        answers.push(answer);
        // Client and server share this process: without a pause the client would take the time that bookings need.
        if (answer.status === 503) await sleep(500);
      }
    }
    const storms = Array.from({ length: stormers }, storm);
    try {
      for (let made = 0; made < bookings; made += 1) {
        const answer = await book(client, runner, eventId);
        assert.deepEqual([answer.status, bookingIn(answer).status], [201, 4], answer.text);
        assert.ok(underWay > 100, 'fewer logins than expected were in flight');
      }
    } finally {
      isOver = true;
      await Promise.all(storms);
    }
    const sentAway = answers.filter(({ status }) => status === 503);
    const refused = answers.filter(({ status }) => status === 401);
    assert.equal(sentAway.length + refused.length, answers.length);
    assert.ok(refused.length > 0 && sentAway.length > 0);
    for (const { headers } of sentAway) assert.equal(headers['retry-after'], '1');
  });
});
