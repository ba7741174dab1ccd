import type { History } from './history.ts';
import type { VirtualWorld } from './world.ts';

/** The random faults. Each number is the maximum probability for one message, statement or transaction. */
const worst = {
  'request lost': 0.12,
  'reply lost': 0.15,
  'reply late': 0.08,
  'reply corrupted': 0.03,
  'request duplicated': 0.25,
  'request delayed': 0.15,
  'client cut off': 0.15,
  'statement failed': 0.02,
  'statement without answer': 0.02,
  'transaction cut': 0.03,
  'commit without answer': 0.03,
  'crash before a statement': 0.006,
  'crash after a statement': 0.006,
  'crash before a commit': 0.02,
  'crash after a commit': 0.02,
} as const;

export type Fault = keyof typeof worst;
export const faults = Object.keys(worst) as Fault[];

/** A failure that the simulation causes on purpose, and that is therefore no offence. */
export class Planted extends Error {
  override name = 'Planted';
  /** The poisoned booking that caused the failure, if there is one. */
  readonly bookingId: number | undefined;
  constructor(message: string, bookingId?: number) {
    super(message);
    this.bookingId = bookingId;
  }
}

/** Decides when faults strike. Each seed draws its own rates, so that some seeds have only few kinds of faults. */
export class Weather {
  readonly #rates = new Map<Fault, number>();
  readonly #world: VirtualWorld;
  readonly #history: History;

  constructor(world: VirtualWorld, history: History) {
    this.#world = world;
    this.#history = history;
    const roughness = world.random();
    for (const fault of faults) {
      const isPresent = world.random() < 0.25 + roughness * 0.5;
      const rate = worst[fault] * world.random() * (0.2 + roughness * 0.8);
      this.#rates.set(fault, isPresent ? rate : 0);
    }
  }

  /** Whether a fault strikes now. */
  strikes(fault: Fault): boolean {
    const rate = this.#rates.get(fault) ?? 0;
    if (rate === 0 || this.#world.random() >= rate) return false;
    this.#history.count(fault);
    return true;
  }

  /** A random number from `low` to less than `high`. */
  between(low: number, high: number): number {
    return low + this.#world.random() * (high - low);
  }

  pick<Item>(all: readonly Item[]): Item {
    return all[Math.floor(this.#world.random() * all.length)] as Item;
  }

  /** Ends all faults. */
  clear(): void {
    this.#rates.clear();
  }
}
