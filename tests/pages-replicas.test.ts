import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from './browser.ts';
import { skipWithoutPostgres } from './databases.ts';
import { Stage } from './pages.ts';
import { type Program, startProgram } from './program.ts';
import { slack } from './services.ts';
import { book, type Client, createEvent, createPeople } from './system.ts';

/** How soon a page has to show what was sold, in milliseconds. */
const withinMs = 2_000 * slack;

describe('two processes on one database, a page open at each', { skip: browserMissing || skipWithoutPostgres }, () => {
  let stage: Stage;
  let second: Program;
  let other: Client;
  before(async () => {
    stage = await Stage.open({}, 'PostgreSQL');
    second = startProgram(stage.place.environment);
    other = await second.ready;
  });
  after(async () => {
    await second?.end('SIGTERM');
    await stage?.close();
  });

  test('a booking at either falls on both within 2 s', async () => {
    const eventId = await createEvent(stage.client, stage.admin, { name: 'two doors', price: 0, slots: 9 });
    const [person] = await createPeople(stage.client, 1, 0);
    assert.ok(person);
    assert.notEqual(stage.client.address, other.address);
    const pages = [
      await stage.visit(`/event/${eventId}`),
      await stage.visit(`/event/${eventId}`, undefined, { baseURL: other.address }),
    ];
    const shown = async (free: number) => {
      const numbers = pages.map((page) => page.getByRole('complementary').getByText(String(free), { exact: true }));
      await Promise.all(numbers.map((number) => number.waitFor({ timeout: withinMs })));
    };
    for (const page of pages) await page.getByText('live', { exact: true }).waitFor();
    await shown(9);
    for (const [at, client] of [stage.client, other].entries()) {
      await book(client, person, eventId);
      await shown(8 - at);
    }
    assert.deepEqual(stage.complaints, []);
  });
});
