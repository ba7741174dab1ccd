import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { entry } from '../collections.ts';
import { Spread } from './fast-histogram.ts';

export type { Registry };

/** The beginning of every name that is Startlist's own; `process_` and `nodejs_` are what all Node programs tell. */
const prefix = 'startlist_';

/** A registry of metrics that already tells of the process: its memory, CPU, collections and event loop. */
export function createRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

/** The bounds of the duration histograms, in seconds: from an idle answer (3 ms) to the longest wait (60 s). */
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Tells how metrics are made: their names get the prefix, and they stand in the registry. */
export function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    /** Counts how often something happened. */
    counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Counter({ name: `${prefix}${name}`, help, labelNames, registers }),
    /** How many there are; `collect` sets it whenever it is read. */
    gauge<Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[],
      collect?: (gauge: Gauge<Label>) => void | Promise<void>,
    ) {
      const gauge: Gauge<Label> = new Gauge({
        ...{ name: `${prefix}${name}`, help, labelNames, registers },
        ...(collect && { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    /** How long something takes, in seconds, unless other bounds are given. */
    histogram: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
      buckets: number[] = durations,
    ) => new Histogram({ name: `${prefix}${name}`, help, labelNames, buckets, registers }),
    /** A histogram of durations that is told thousands of times a second, in seconds. */
    spread: <Label extends string = never>(name: string, help: string) =>
      new Spread<Label>({ name: `${prefix}${name}`, help, bounds: durations }, registry),
    /** A counter of what happens thousands of times a second: see `Tally`. */
    tally: (name: string, help: string, ...labelNames: readonly [string, string]) =>
      new Tally(`${prefix}${name}`, help, labelNames, registry),
  };
}

/**
 * A counter with two labels that is told thousands of times a second. The library finds the place of a pair of labels
 * anew each time; here it is a look into two maps, and the library is told when the counter is read.
 */
class Tally {
  readonly #counts = new Map<string, Map<string, { count: number }>>();

  constructor(name: string, help: string, labelNames: readonly [string, string], registry: Registry) {
    const counts = this.#counts;
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [first, seconds] of counts) {
          for (const [second, { count }] of seconds) {
            this.inc({ [labelNames[0]]: first, [labelNames[1]]: second }, count);
          }
        }
      },
    });
  }

  /** Adds to a pair of labels; with 0 it is told of before it ever happens. */
  add(first: string, second: string, count = 1): void {
    const seconds = entry(this.#counts, first, () => new Map<string, { count: number }>());
    entry(seconds, second, () => ({ count: 0 })).count += count;
  }
}
