import type { Histogram, Registry } from 'prom-client';

/** The count of each bucket and the sum of the observed values, for one combination of labels. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds the upper bounds of the buckets, in ascending order. Larger values are counted as `+Inf`. */
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
    // Most values are small, so a linear search ends early. NaN is counted in the first bucket.
    while (place < bounds.length && value > (bounds[place] as number)) place += 1;
    this.#counts[place] = (this.#counts[place] as number) + 1;
    this.#sum += value;
  }

  /** The number of values up to each bound; the last number is the total. */
  cumulativeCounts(): number[] {
    let total = 0;
    return Array.from(this.#counts, (count) => {
      total += count;
      return total;
    });
  }
}

export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  /** The upper bounds of the buckets, in ascending order. */
  readonly bounds: readonly number[];
}

/**
 * A histogram for values observed thousands of times a second. The histogram of prom-client hashes the labels at every
 * observation, also through a child bound by `labels(…)`. With that histogram and with plain counters, a process books
 * only 0.875 times as many places a second on one hot event (median of 7 pairs in turns), and uses 158 µs of CPU for
 * each place instead of 132 µs.
 */
export class FastHistogram<Label extends string> {
  readonly #series: { readonly labels: Readonly<Record<Label, string>>; readonly distribution: Distribution }[] = [];
  readonly #options: HistogramOptions;

  constructor(options: HistogramOptions, registry: Registry) {
    this.#options = options;
    const { name, help } = options;
    // The registry reads only these fields, although its type requires a class of the library.
    const metric = { name, help, type: 'histogram', get: async () => ({ ...metric, values: this.#values() }) };
    registry.registerMetric(metric as unknown as Histogram);
  }

  /** Adds a series to the metric. Call it once for each combination of labels, and keep the returned distribution. */
  with(labels: Readonly<Record<Label, string>>): Distribution {
    const distribution = new Distribution(this.#options.bounds);
    this.#series.push({ labels, distribution });
    return distribution;
  }

  #values() {
    const { name, bounds } = this.#options;
    return this.#series.flatMap(({ labels, distribution }) => {
      const counts = distribution.cumulativeCounts();
      const buckets = counts.map((value, place) => ({
        metricName: `${name}_bucket`,
        labels: { le: bounds[place] ?? '+Inf', ...labels },
        value,
      }));
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: distribution.sum },
        { metricName: `${name}_count`, labels, value: counts.at(-1) ?? 0 },
      ];
    });
  }
}
