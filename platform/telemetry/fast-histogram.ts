import type { Histogram, Registry } from 'prom-client';

/** Counts values by the smallest bound that they do not exceed, and sums them up. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds in ascending order; what exceeds the last has a place of its own. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  get sum(): number {
    return this.#sum;
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let place = 0;
    // Most values are short, so that this ends early; what is no number exceeds nothing, and stands in the first place.
    while (place < bounds.length && value > (bounds[place] as number)) place += 1;
    this.#counts[place] = (this.#counts[place] as number) + 1;
    this.#sum += value;
  }

  /** How many values there were up to each bound, and in the last place how many in all. */
  upTo(): number[] {
    let total = 0;
    return Array.from(this.#counts, (count) => {
      total += count;
      return total;
    });
  }
}

/** What a histogram is, apart from its labels. */
export interface SpreadOptions {
  readonly name: string;
  readonly help: string;
  /** In ascending order. */
  readonly bounds: readonly number[];
}

/**
 * A histogram that is told thousands of times a second. The library checks and hashes the labels with every value, which
 * takes half a microsecond; here whoever tells keeps the distribution that its labels have, and the library asks for
 * them when it is read.
 */
export class Spread<Label extends string> {
  readonly #distributions: { readonly labels: Readonly<Record<Label, string>>; readonly of: Distribution }[] = [];
  readonly #options: SpreadOptions;

  constructor(options: SpreadOptions, registry: Registry) {
    this.#options = options;
    const { name, help } = options;
    // All that a registry asks of a metric; its type names what a caller of the library's own has besides.
    const metric = { name, help, type: 'histogram', get: async () => ({ ...metric, values: this.#values() }) };
    registry.registerMetric(metric as unknown as Histogram);
  }

  /** The distribution of some labels, from now on told of: it is made once for them, and kept by whoever tells it. */
  of(labels: Readonly<Record<Label, string>>): Distribution {
    const of = new Distribution(this.#options.bounds);
    this.#distributions.push({ labels, of });
    return of;
  }

  #values() {
    const { name, bounds } = this.#options;
    return this.#distributions.flatMap(({ labels, of }) => {
      const counts = of.upTo();
      const buckets = counts.map((value, place) => ({
        metricName: `${name}_bucket`,
        labels: { le: bounds[place] ?? '+Inf', ...labels },
        value,
      }));
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: of.sum },
        { metricName: `${name}_count`, labels, value: counts.at(-1) ?? 0 },
      ];
    });
  }
}
