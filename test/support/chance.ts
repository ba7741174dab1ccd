import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random values from a seed: the same seed draws the same values. */
export class Chance {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A number of at least 0 and less than 1. */
  part(): number {
    return uniformFloat64(this.#generator);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.part() * (most - least + 1));
  }

  /** One of the items. @throws when there are none. */
  one<Item>(items: readonly Item[]): Item {
    const item = items[this.whole(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  }

  /** All items, in random order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, place: this.part() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}

/** The seed that an environment variable gives, to repeat a run; otherwise a random seed. */
export function seedOf(variable: string): number {
  const given = process.env[variable];
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d{1,10}$/.test(given)) throw new Error(`${variable} must be a whole number, not ${given}`);
  return Number(given);
}
