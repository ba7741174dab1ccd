import { setTimeout as delay } from 'node:timers/promises';

/** The time limit for a condition: long enough for a busy machine, so that no test depends on its speed. */
const patienceMs = 90_000;

/** Waits until a condition holds. @throws after 90 s, with the condition in words. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > endMs)
      throw new Error(`this condition was not met within ${patienceMs / 1_000} s: ${what}`);
    await delay(20);
  }
}
