import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { skipWithoutPostgres } from '../support/databases/databases.ts';
import { root } from '../support/sources.ts';
import { tally } from '../support/system.ts';

/** The fields of `bench.json` that this test reads. */
interface Written {
  readonly claims: readonly { readonly words: string; readonly found: number }[];
  readonly samples: readonly { readonly row: string; readonly perSecond: number }[];
}

test('the benchmark starts what it needs, measures in turns, compares the records and writes its report', {
  skip: skipWithoutPostgres,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-bench-test-'));
  try {
    const size = ['--workloads', 'hot', '--rounds', '2', '--seconds', '1', '--connections', '32'];
    const args = [join(root, 'bench/main.ts'), '--rows', 'one,ceiling', ...size, '--out', folder];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 100_000 });
    assert.match(stdout, /^Startlist, one process +[\d,]+ /m);
    const { claims, samples } = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as Written;
    assert.deepEqual(
      tally(samples, ({ row }) => row),
      { one: 2, ceiling: 2 },
    );
    assert.ok(samples.every(({ perSecond }) => perSecond > 0));
    const share = claims.find(({ words }) => words === 'hot event: one process ÷ the SQL alone')?.found ?? 0;
    // With HTTP, sessions and the engine Startlist must be slower than the SQL alone; else a count is wrong.
    assert.ok(share > 0 && share < 1, `${share}`);
    assert.match(readFileSync(join(folder, 'bench.svg'), 'utf8'), /^<svg /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
