import type { World } from '../../platform/world.ts';
import type { VirtualWorld } from './world.ts';

/** How a process's clock differs from that of the world. */
export interface Clock {
  readonly offsetMs: number;
  /** How many of its milliseconds pass in one of the world's. */
  readonly pace: number;
}

/** What never comes, for whoever is not there any more to wait for it. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => {});
}

/**
 * One process from its start to its end. What it began stays where it was when it ended: its timers fire no more, and
 * what it waits for never comes.
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

  /** Calls `work` when this process ends, unless the returned function is called before. */
  atEnd(work: () => void): () => void {
    this.#atEnd.add(work);
    return () => void this.#atEnd.delete(work);
  }
}
