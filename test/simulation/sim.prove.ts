import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs the command as a user does, and passes its output on as it appears. */
async function simulate(...args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code;
}

describe('the simulation', () => {
  test('2,000 seeds with faults: no offence, and every fault and every transition occurred', async () => {
    assert.equal(await simulate('--seeds', '2000'), 0);
  });

  test('every planted fault is found', async () => {
    assert.equal(await simulate('--mutants'), 0);
  });
});
