import { randomUUID } from 'node:crypto';

/** A pending timer. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, randomness and timers. Startlist uses no other clock, random source or timer, so a simulation can replace all
 * of them.
 */
export interface World {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** A number of at least 0 and less than 1. */
  random(): number;
  /** A cryptographically random UUID (RFC 9562, version 4). */
  uuid(): string;
  /** Calls `work` once after `delayMs`, unless canceled. */
  later(delayMs: number, work: () => void): Timer;
  /** Calls `work` in the next turn of the event loop, after all events that have already arrived. */
  turn(work: () => void): void;
}

/** The real clock, randomness and timers. */
export function realWorld(): World {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: () => randomUUID(),
    later(delayMs, work) {
      const timer = setTimeout(work, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    turn(work) {
      setImmediate(work);
    },
  };
}

/** Resolves after `delayMs`, or as soon as `signal` is aborted. */
export function pause(world: World, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = world.later(delayMs, end);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });
}
