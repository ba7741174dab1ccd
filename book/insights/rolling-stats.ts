import type { World } from '../../platform/world.ts';

/** The number of latest values that a percentile covers. */
const remembered = 2_000;

/** Percentiles of the latest values. */
export class Latest {
  readonly #values: number[] = [];
  #next = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % remembered;
  }

  /** The percentile for a share from 0 to 1; 0 without values. */
  at(share: number): number {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  }
}

const rateSeconds = 10;

/** A total, and a rate over the last 10 whole seconds, without the current one. */
export class Rate {
  readonly #world: World;
  /** A ring of counts, each with its second. */
  readonly #seconds = Array.from({ length: rateSeconds + 1 }, () => ({ second: 0, count: 0 }));
  total = 0;

  constructor(world: World) {
    this.#world = world;
  }

  add(): void {
    this.total += 1;
    const second = Math.floor(this.#world.now() / 1_000);
    const slot = this.#seconds[second % this.#seconds.length] as { second: number; count: number };
    if (slot.second !== second) Object.assign(slot, { second, count: 0 });
    slot.count += 1;
  }

  get perSecond(): number {
    const now = Math.floor(this.#world.now() / 1_000);
    const recent = this.#seconds.filter(({ second }) => second < now && second >= now - rateSeconds);
    return recent.reduce((sum, { count }) => sum + count, 0) / rateSeconds;
  }
}
