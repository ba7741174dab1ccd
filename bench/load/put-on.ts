import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, Measured } from './load.ts';
import { hasWrk, runWrk } from './wrk.ts';

const programs = { closed: './closed.ts', open: './open.ts' } as const;

/** What puts closed loads on. */
export const generator = hasWrk ? 'wrk' : 'autocannon';

/** Puts a load on, from a process of its own: what it costs is not paid by whoever measures. */
export async function putOn(load: Load): Promise<Measured> {
  // wrk knows how long it is to ask, not how often.
  if (hasWrk && load.kind === 'closed' && load.amount === undefined) return runWrk(load);
  const child = fork(fileURLToPath(new URL(programs[load.kind], import.meta.url)), { stdio: ['ignore', 2, 2, 'ipc'] });
  child.send(load);
  const measured = once(child, 'message').then(([message]) => message as Measured);
  const end = once(child, 'exit').then(([code]) => {
    throw new Error(`the load generator ended with ${code} before it had an answer`);
  });
  end.catch(() => {});
  try {
    return await Promise.race([measured, end]);
  } finally {
    child.kill();
  }
}
