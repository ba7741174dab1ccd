import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { FastHistogram } from './fast-histogram.ts';

export type { Registry };

/** The prefix of Startlist's own metrics. The general metrics of a Node process begin with `process_` or `nodejs_`. */
const prefix = 'startlist_';

/** A registry with the metrics of the process: memory, CPU, garbage collection and event loop. */
export function createRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

/** The buckets of durations, in seconds: from an answer of an idle process (3 ms) to the longest wait (60 s). */
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Returns functions that create metrics in a registry and add the prefix to their names. */
export function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Counter({ name: `${prefix}${name}`, help, labelNames, registers }),
    /** `collect` sets the gauge each time metrics are scraped. */
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
    /** `buckets` defaults to durations in seconds. */
    histogram: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
      buckets: number[] = durations,
    ) => new Histogram({ name: `${prefix}${name}`, help, labelNames, buckets, registers }),
    /** A histogram of durations in seconds for hot paths. */
    fastHistogram: <Label extends string = never>(name: string, help: string) =>
      new FastHistogram<Label>({ name: `${prefix}${name}`, help, bounds: durations }, registry),
  };
}
