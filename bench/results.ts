import type { Latency } from './load/load.ts';

/** The measurements of one turn of one measured system, for example Startlist in one process. */
export interface Sample {
  readonly workload: string;
  /**
   * The name of the measured system, as in `--rows`. The workloads `growth` and `curve` have only one system; their row
   * is the number of stored bookings, or the share of saturation.
   */
  readonly row: string;
  readonly title: string;
  readonly perSecond: number;
  readonly latencyMs: Latency;
  /** CPU time per answer in microseconds: of the measured system's own processes, and of PostgreSQL. */
  readonly cpuUs: { readonly own: number; readonly server: number };
  /** Memory of the measured system's largest process, in bytes. */
  readonly residentBytes: number;
  /** WAL bytes per answer. */
  readonly walBytes: number;
  /** The offered rate of an open load, in requests per second. */
  readonly offered?: number;
}

/** A summary of several turns: the medians, the lowest and the highest rate, and the highest memory use. */
export interface Summary {
  readonly row: string;
  readonly title: string;
  readonly perSecond: { readonly median: number; readonly least: number; readonly most: number };
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: { readonly own: number; readonly server: number };
  readonly residentBytes: number;
  readonly walBytes: number;
  readonly rounds: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Summarizes the measured systems of a workload, in the order of their first turns. */
export function summarize(samples: readonly Sample[], workload: string): Summary[] {
  const rows = Map.groupBy(
    samples.filter((sample) => sample.workload === workload),
    ({ row }) => row,
  );
  return [...rows].map(([row, turns]) => {
    const of = (pick: (sample: Sample) => number) => median(turns.map(pick));
    const rates = turns.map(({ perSecond }) => perSecond);
    return {
      row,
      title: turns[0]?.title ?? row,
      perSecond: { median: median(rates), least: Math.min(...rates), most: Math.max(...rates) },
      p50Ms: of(({ latencyMs }) => latencyMs.p50),
      p99Ms: of(({ latencyMs }) => latencyMs.p99),
      cpuUs: { own: of(({ cpuUs }) => cpuUs.own), server: of(({ cpuUs }) => cpuUs.server) },
      residentBytes: Math.max(...turns.map(({ residentBytes }) => residentBytes)),
      walBytes: of(({ walBytes }) => walBytes),
      rounds: turns.length,
    };
  });
}

export type Turn = readonly [workload: string, row: string];

/**
 * The ratio of two rates. Each round gives one ratio, and the result is their median, because a slow phase of the
 * machine affects both rates of a round alike.
 */
export function ratio(samples: readonly Sample[], turn: Turn, other: Turn): number | undefined {
  const of = ([workload, row]: Turn) => samples.filter((each) => each.workload === workload && each.row === row);
  const [upper, lower] = [of(turn), of(other)];
  const ratios = upper.flatMap(({ perSecond }, round) => {
    const under = lower[round];
    return under === undefined ? [] : [perSecond / under.perSecond];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}
