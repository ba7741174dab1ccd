import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipWithoutPostgres } from '../support/databases/databases.ts';
import { type Program, startProgram } from '../support/program.ts';
import { book, type Client } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { withStage } from './pages.ts';

/** How soon a page must show a booking. */
const withinMs = 2_000;
/** Tries per process: a busy machine can delay one. */
const tries = 3;

describe('two processes on one database, each with an open page', {
  skip: browserMissing || skipWithoutPostgres,
}, () => {
  let second: Program;
  let other: Client;
  // Hooks run in this order: the second process ends before the stage drops the database.
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
    /** @returns the milliseconds until all pages show this number of free slots. */
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
