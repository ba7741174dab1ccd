import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipWithoutPostgres } from '../support/databases/databases.ts';
import { type Program, startProgram } from '../support/program.ts';
import { book, type Client } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { withStage } from './pages.ts';

/** The time within which both pages must show a booking. */
const withinMs = 2_000;
/** The number of bookings tried at each process, of which one must be fast enough: a busy machine delays some. */
const tries = 3;

describe('two processes on one database, each with an open page', {
  skip: browserMissing || skipWithoutPostgres,
}, () => {
  let second: Program;
  let other: Client;
  // Registered before the hooks of the stage: the second process must end before the stage drops the database.
  after(() => second?.end('SIGTERM'));
  const stage = withStage();
  before(async () => {
    second = startProgram(stage.place.environment);
    other = await second.ready;
  });

  test('a booking at one process appears on both pages within 2 s', async () => {
    const eventId = await stage.event('two doors', 0, 9);
    const person = await stage.someone('person', 0);
    assert.notEqual(stage.client.address, other.address);
    const pages = [
      await stage.visit(`/event/${eventId}`),
      await stage.visit(`/event/${eventId}`, undefined, { baseURL: other.address }),
    ];
    /** Waits until all pages show this number of free slots. @returns the wait in milliseconds. */
    const shown = async (free: number) => {
      const beganMs = performance.now();
      const numbers = pages.map((page) => page.getByRole('complementary').getByText(String(free), { exact: true }));
      await Promise.all(numbers.map((number) => number.waitFor()));
      return performance.now() - beganMs;
    };
    for (const page of pages) await page.getByText('live', { exact: true }).waitFor();
    let free = 9;
    await shown(free);
    for (const client of [stage.client, other]) {
      const tookMs: number[] = [];
      while (tookMs.length < tries && !tookMs.some((ms) => ms < withinMs)) {
        await book(client, person, eventId);
        free -= 1;
        tookMs.push(await shown(free));
      }
      assert.ok(Math.min(...tookMs) < withinMs, `seen after ${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    }
    assert.deepEqual(stage.complaints, []);
  });
});
