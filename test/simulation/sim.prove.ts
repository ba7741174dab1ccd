import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { emptyPglite } from '../support/databases/pglite.ts';
import { isLong } from '../support/long.ts';
import { tryMutant } from './planted-faults/plant.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs the command as a user does, and passes its output on as it appears. */
async function simulate(...args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code;
}

describe('the simulation', () => {
  test('seeds with faults: no offence, and every fault and every transition occurred', async () => {
    assert.equal(await simulate('--seeds', isLong ? '2000' : '500'), 0);
  });

  test('every planted fault is found', async () => {
    assert.equal(await simulate('--mutants'), 0);
  });

  test('a change without an effect survives', async () => {
    const harmless = {
      name: 'harmless',
      file: 'saga/coordinator/limits.ts',
      find: 'open: 10_000,',
      replace: 'open: 10_001,',
    };
    const { fate } = await tryMutant(harmless, await emptyPglite(), 5);
    assert.equal(fate, 'survived');
  });
});
