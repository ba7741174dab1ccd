import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Timer, World } from '../../platform/world.ts';

interface Scheduled {
  readonly atMs: number;
  readonly place: number;
  readonly work: () => void;
}

/**
 * A world whose time advances only when no work is left, and whose random numbers follow from a seed: the same seed
 * gives the same history. Time begins at 2026-01-01 UTC.
 */
export class VirtualWorld implements World {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;
  readonly #scheduled: Scheduled[] = [];
  #nowMs = Date.UTC(2026, 0, 1);
  #place = 0;
  #underWay = 0;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  now(): number {
    return this.#nowMs;
  }

  random(): number {
    return uniformFloat64(this.#generator);
  }

  uuid(): string {
    const digits = Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16)).join('');
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  }

  later(delayMs: number, work: () => void): Timer {
    const scheduled = { atMs: this.#nowMs + Math.max(0, delayMs), place: this.#place, work };
    this.#place += 1;
    this.#insert(scheduled);
    return { cancel: () => this.#remove(scheduled) };
  }

  turn(work: () => void): void {
    this.later(0, work);
  }

  /** Stops the time of this world during work outside it, such as a statement in a database. */
  async await<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Lets time pass until `isOver`, until no timer is left, or for `atMostMs` of this world's time. */
  async run(isOver: () => boolean = () => false, atMostMs = Number.POSITIVE_INFINITY): Promise<void> {
    const endMs = this.#nowMs + atMostMs;
    for (;;) {
      await this.#quiet();
      if (isOver()) return;
      const next = this.#scheduled[0];
      if (next === undefined || next.atMs > endMs) return;
      this.#scheduled.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.work();
    }
  }

  /** Waits until every promise that can settle has settled, and no work outside this world is left. */
  async #quiet(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#underWay > 0);
  }

  /** Inserts a timer by its time. Timers of one moment fire in the order in which they were set. */
  #insert(scheduled: Scheduled): void {
    let low = 0;
    let high = this.#scheduled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#scheduled[middle] as Scheduled;
      if (other.atMs <= scheduled.atMs) low = middle + 1;
      else high = middle;
    }
    this.#scheduled.splice(low, 0, scheduled);
  }

  #remove(scheduled: Scheduled): void {
    const index = this.#scheduled.indexOf(scheduled);
    if (index >= 0) this.#scheduled.splice(index, 1);
  }
}
