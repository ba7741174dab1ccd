import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs the command that people run, and shows what it says as it says it. */
async function simulate(...args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code;
}

describe('the simulation', () => {
  test('2,000 seeds of bad weather: nothing is found, and no fault and no arrow was left out', async () => {
    assert.equal(await simulate('--seeds', '2000'), 0);
  });

  test('every planted fault is found', async () => {
    assert.equal(await simulate('--mutants'), 0);
  });
});
