/**
 * Loaded into the process of each test file by `test/runner/run.ts`: a file ends, and says so where it did not by itself.
 * node:test's own way, `--test-force-exit`, is of no use: it drops results that are still on their way to the runner.
 */
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** The longest that a file may take: that of five of its tests. */
const fileMs = 5 * Number(process.env.TEST_TIMEOUT_MS ?? 120_000);
/** For how long a file may go on when its last test has ended. */
const graceMs = 10_000;

/** Ends this process unless it ends by itself: the timer alone does not keep it alive. */
async function endAfter(ms: number, complaint: string): Promise<void> {
  await delay(ms, undefined, { ref: false });
  console.error(`${process.argv[1]}: ${complaint}`);
  process.exit(1);
}

if (process.env.NODE_TEST_CONTEXT !== undefined) {
  endAfter(fileMs, `stopped, because its tests took longer than ${fileMs / 1_000} s`);
  after(() => void endAfter(graceMs, 'its tests have ended, but something that they opened was never closed'));
}
