import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eachDatabase } from '../support/databases/databases.ts';
import { createPlace, type Place, startPrograms } from '../support/program.ts';
import { expect } from '../support/system.ts';

const start = startPrograms();

test('a start that fails ends with one line that gives the reasons, and exit code 1', async () => {
  const { ended, written } = start({ PORT: '65536', DEMO: 'yes' });
  assert.equal(await ended, 1);
  assert.match(written.stderr, /^Startlist can't start: .*PORT: must be .*; DEMO: must be true or false.*\n$/);
  assert.equal(written.stdout, '');
});

eachDatabase((kind) => {
  const places: Place[] = [];
  async function emptyPlace(): Promise<Place> {
    const place = await createPlace(kind);
    places.push(place);
    return place;
  }
  after(() => Promise.all(places.map((place) => place.remove())));

  test('it is ready on an empty database and on an existing one, and SIGINT ends it', async () => {
    const { environment } = await emptyPlace();
    for (const _ of ['empty', 'later']) {
      const program = start(environment);
      await expect(200, (await program.ready).ask('GET', '/ready'));
      assert.equal(await program.end('SIGINT'), 0);
      assert.equal(program.written.stderr, '');
    }
  });
});
