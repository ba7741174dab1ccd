import type { World } from '../../platform/world.ts';

/** So many are remembered for percentiles. */
const remembered = 2_000;

/** The latest of many measurements. */
export class Latest {
  readonly #values: number[] = [];
  #next = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % remembered;
  }

  /** The value that a share of them, from 0 to 1, is not above; 0 where there are none. */
  at(share: number): number {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  }
}

/** Over how many whole seconds a rate is taken. */
const rateSeconds = 10;

/** Counts, in all and by the second. The second that is still running does not count for the rate. */
export class Rate {
  readonly #world: World;
  /** One for each of the last seconds, with the second it stands for. */
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
