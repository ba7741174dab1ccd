import { median, ratio, type Sample, summarize } from './results.ts';

/** A performance claim about Startlist, and the value that a run measured. */
export interface Claim {
  readonly words: string;
  readonly wanted: number;
  readonly found: number;
  /** Whether `wanted` is an upper bound; otherwise it is a lower bound. */
  readonly isBound: boolean;
}

const megabyte = 2 ** 20;

/** Compares the claims with the samples of a run. Claims without samples are left out. */
export function judge(samples: readonly Sample[]): Claim[] {
  const claims: Claim[] = [];
  const claim = (words: string, wanted: number, found: number | undefined, isBound = false) => {
    if (found !== undefined && !Number.isNaN(found)) claims.push({ words, wanted, found, isBound });
  };
  const hot = (row: string, other: string) => ratio(samples, ['hot', row], ['hot', other]);
  claim('hot event: one process ÷ DBOS', 40, hot('one', 'dbos'));
  claim('hot event: one process ÷ Restate', 20, hot('one', 'restate'));
  claim('hot event: one process ÷ itself in batches of one', 15, hot('one', 'of-one'));
  claim('hot event: one process ÷ the SQL alone', 0.55, hot('one', 'ceiling'));
  claim('hot event: four processes ÷ one', 0.7, hot('four', 'one'));
  claim('hot event: embedded ÷ one process', 0.5, hot('embedded', 'one'));
  claim('hot event: one process ÷ the other revision', 0.9, hot('one', 'against'));
  claim('one process: hot event ÷ 1,000 events', 0.9, ratio(samples, ['hot', 'one'], ['many', 'one']));
  claim('one process: flash sale ÷ hot event', 1, ratio(samples, ['flash', 'one'], ['hot', 'one']));
  const stored = summarize(samples, 'growth');
  for (const { row, title } of stored.slice(1)) {
    claim(`${title} ÷ none`, 0.85, ratio(samples, ['growth', row], ['growth', '0']));
    claim(
      `own bookings, ${title} ÷ none`,
      0.9,
      ratio(samples, ['growth: own bookings', row], ['growth: own bookings', '0']),
    );
  }
  const p50Of = (row: string) =>
    summarize(samples, 'alone').find((summary) => summary.row === row)?.p50Ms ?? Number.NaN;
  claim('one client: p50 ÷ that of the SQL alone', 2, p50Of('one') / p50Of('ceiling'), true);
  const half = samples.filter(({ workload, row }) => workload === 'curve' && row === '0.50');
  claim('half of saturation: p99 ÷ p50', 10, median(half.map(({ latencyMs: { p99, p50 } }) => p99 / p50)), true);
  for (const { row, title, residentBytes } of summarize(samples, 'hot')) {
    if (row === 'one' || row === 'four') claim(`${title}: MB in memory`, 250, residentBytes / megabyte, true);
  }
  return claims;
}

export function isTrue({ wanted, found, isBound }: Omit<Claim, 'words'>): boolean {
  return isBound ? found <= wanted : found >= wanted;
}

/** One line per claim, with the measured value. */
export function printClaims(claims: readonly Claim[]): string {
  const width = Math.max(0, ...claims.map(({ words }) => words.length));
  const lines = claims.map(({ words, wanted, found, isBound }) => {
    return `${isTrue({ wanted, found, isBound }) ? 'yes' : 'NO '}  ${words.padEnd(width)}  ${found.toPrecision(3).padStart(7)}  (${isBound ? 'at most' : 'at least'} ${wanted})`;
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
