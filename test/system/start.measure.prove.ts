import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eachDatabase } from '../support/databases/databases.ts';
import { createPlace, type Place, startPrograms } from '../support/program.ts';
import { expect } from '../support/system.ts';

const firstStartMs = 10_000;
const laterStartMs = 3_000;
const start = startPrograms();

eachDatabase((kind) => {
  const places: Place[] = [];
  async function emptyPlace(): Promise<Place> {
    const place = await createPlace(kind);
    places.push(place);
    return place;
  }
  after(() => Promise.all(places.map((place) => place.remove())));

  test('it is ready within 10 s on an empty database, and within 3 s later on', async (t) => {
    const first = await quickestStart(firstStartMs, emptyPlace);
    const later = await quickestStart(laterStartMs, async () => places[0] as Place);
    t.diagnostic(`${kind}: ready after ${first} ms at the first start, after ${later} ms at later ones`);
    assert.ok(first < firstStartMs, `ready after ${first} ms on an empty database`);
    assert.ok(later < laterStartMs, `ready after ${later} ms`);
  });
});

/**
 * Starts Startlist up to three times, until it is ready in time: a start may be slow only because of other work on the
 * machine. @returns the shortest time, in milliseconds.
 */
async function quickestStart(withinMs: number, choose: () => Promise<Place>): Promise<number> {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3 && quickestMs >= withinMs; time += 1) {
    const { environment } = await choose();
    const beganMs = performance.now();
    const program = start(environment);
    const client = await program.ready;
    await expect(200, client.ask('GET', '/ready'));
    quickestMs = Math.min(quickestMs, Math.round(performance.now() - beganMs));
    assert.equal(await program.end('SIGINT'), 0);
    assert.equal(program.written.stderr, '');
  }
  return quickestMs;
}
