import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, Measured } from './load.ts';
import { hasWrk, runWrk } from './wrk.ts';

const programs = { closed: './closed.ts', open: './open.ts' } as const;

/** The name of the load generator for closed loads. */
export const generator = hasWrk ? 'wrk' : 'autocannon';

/** Runs a load in a separate process, so that its cost does not disturb the measurement. */
export async function putOn(load: Load): Promise<Measured> {
  // wrk can run for a duration, but not for a number of requests.
  if (hasWrk && load.kind === 'closed' && load.amount === undefined) return runWrk(load);
  const child = fork(fileURLToPath(new URL(programs[load.kind], import.meta.url)), { stdio: ['ignore', 2, 2, 'ipc'] });
  child.send(load);
  const measured = once(child, 'message').then(([message]) => message as Measured);
  const end = once(child, 'exit').then(([code]) => {
    throw new Error(`the load generator exited with ${code} before it reported a result`);
  });
  end.catch(() => {});
  try {
    return await Promise.race([measured, end]);
  } finally {
    child.kill();
  }
}
