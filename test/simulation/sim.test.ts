import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { emptyPglite } from '../support/databases/pglite.ts';
import { root } from '../support/sources.ts';
import { runSeeds } from './jobs.ts';
import { mutants } from './planted-faults/faults.ts';
import { tryMutant } from './planted-faults/plant.ts';
import { openTables, simulate } from './simulation.ts';
import { Totals } from './totals.ts';

const seedsTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const cluster = await emptyPglite();

describe('the simulation', () => {
  test('15 seeds: nothing is lost, doubled or left unfinished', async () => {
    const totals = new Totals();
    const wrong: string[] = [];
    await runSeeds(seedsTo(15), { threads: 2, cluster }, (report) => {
      totals.add(report);
      if (report.offences.length > 0) wrong.push(`npm run sim -- --seed ${report.seed}: ${report.offences[0]}`);
    });
    assert.deepEqual(wrong, []);
    assert.ok(totals.bookings > 60, `${totals.bookings} bookings`);
  });

  test('a seed has one history: in another order, after other seeds, and in another process', async (t) => {
    const database = await openTables(cluster);
    t.after(() => database.close());
    const totals = new Totals();
    const first = new Map<number, string>();
    for (const seed of seedsTo(3)) first.set(seed, (await simulate(database, seed)).history.digest());
    for (const seed of seedsTo(3).reverse()) {
      const { history, bookings } = await simulate(database, seed);
      const digest = history.digest();
      assert.equal(digest, first.get(seed), `seed ${seed}`);
      totals.add({ seed, digest, bookings, offences: [], lines: [], counts: [] });
    }
    assert.equal(new Set(first.values()).size, 3, 'each seed has a different history');
    const folder = mkdtempSync(join(tmpdir(), 'startlist-sim-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'cluster.tar');
    writeFileSync(path, Buffer.from(await cluster.arrayBuffer()));
    const args = ['test/simulation/main.ts', '--seeds', '3', '--jobs', '1', '--cluster', path];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    assert.match(stdout, new RegExp(`^3 seeds, .* histories ${totals.digest}$`, 'm'));
  });
});

describe('planted faults', { concurrency: 2 }, () => {
  test('the place of each fault exists exactly once', () => {
    const times = (file: string, text: string) => readFileSync(join(root, file), 'utf8').split(text).length - 1;
    for (const { name, file, find, replace, foundBy } of mutants) {
      assert.equal(times(file, find), 1, name);
      assert.notEqual(find, replace, name);
      if (foundBy !== undefined) assert.equal(times(foundBy.file, `test('${foundBy.test}', `), 1, foundBy.test);
    }
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length, 'the name of each fault is unique');
  });

  test('a fault whose place is missing is an error', async () => {
    const stale = { name: 'stale', file: 'saga/coordinator/engine.ts', find: 'a horse', replace: '' };
    await assert.rejects(
      tryMutant(stale, cluster),
      /stale: the text to replace occurs 0 times in saga\/coordinator\/engine.ts/,
    );
  });

  for (const name of ['release-does-not-count']) {
    test(`${name}: the simulation finds it`, async () => {
      const mutant = mutants.find((each) => each.name === name);
      assert.ok(mutant);
      const { fate, how } = await tryMutant(mutant, cluster);
      assert.equal(fate, 'found', how);
    });
  }
});
