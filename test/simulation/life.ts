import type { World } from '../../platform/world.ts';
import type { VirtualWorld } from './world.ts';

/** How the clock of a process differs from the clock of the world. */
export interface Clock {
  readonly offsetMs: number;
  /** Milliseconds of this clock per millisecond of the world. */
  readonly pace: number;
}

/** A promise that never settles, for code of a process that has ended. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => {});
}

/**
 * One process from start to end. When it ends, everything it began stops: its timers never fire, and its promises never
 * settle.
 */
export class Life {
  readonly name: string;
  /** The world as this process sees it. */
  readonly world: World;
  readonly #atEnd = new Set<() => void>();
  #isOver = false;

  constructor(name: string, world: VirtualWorld, { offsetMs, pace }: Clock) {
    this.name = name;
    const beganMs = world.now();
    this.world = {
      now: () => Math.floor(beganMs + offsetMs + (world.now() - beganMs) * pace),
      random: () => world.random(),
      uuid: () => world.uuid(),
      later: (delayMs, work) => world.later(delayMs / pace, () => this.#isOver || work()),
      turn: (work) => void world.later(0, () => this.#isOver || work()),
    };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const work of [...this.#atEnd]) work();
    this.#atEnd.clear();
  }

  /** Calls `work` when this process ends, unless the returned function was called before. */
  atEnd(work: () => void): () => void {
    this.#atEnd.add(work);
    return () => void this.#atEnd.delete(work);
  }
}
