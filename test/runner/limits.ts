/**
 * Ends the process of a test file that does not end by itself, with a message. `test/runner/run.ts` loads this module
 * into the process of each test file.
 * `--test-force-exit` of node:test cannot be used: it drops results that are still on their way to the runner.
 */
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** The time limit of a file: five times the limit of a test. */
const fileMs = 5 * Number(process.env.TEST_TIMEOUT_MS ?? 120_000);
/** The time limit for a file to end after its last test. */
const graceMs = 10_000;

/** Ends this process if it still runs after a time. The timer does not keep the process alive. */
async function endAfter(ms: number, complaint: string): Promise<void> {
  await delay(ms, undefined, { ref: false });
  console.error(`${process.argv[1]}: ${complaint}`);
  process.exit(1);
}

if (process.env.NODE_TEST_CONTEXT !== undefined) {
  endAfter(fileMs, `stopped, because its tests took longer than ${fileMs / 1_000} s`);
  after(() => void endAfter(graceMs, 'its tests have ended, but something that they opened was never closed'));
}
