import { randomUUID } from 'node:crypto';

/** A delay that has not passed yet. */
export interface Timer {
  cancel(): void;
}

/**
 * What a program may ask of the world outside itself: the time, chance and delays. Nothing else in Startlist reads a
 * clock, draws a number or sets a timer, so that a simulation can put a world of its own in its place.
 */
export interface World {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** A number of at least 0 and less than 1. */
  random(): number;
  /** A random UUID (RFC 9562, version 4) from a source that can't be guessed. */
  uuid(): string;
  /** Calls `work` once, `delayMs` from now, unless canceled before. */
  later(delayMs: number, work: () => void): Timer;
  /** Calls `work` once the event loop has handed over what had already arrived. */
  turn(work: () => void): void;
}

/** The world as the operating system shows it. */
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

/** Resolves `delayMs` from now. */
export function pause(world: World, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    world.later(delayMs, resolve);
  });
}
