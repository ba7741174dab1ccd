import { type Sample, type Summary, summarize } from '../results.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en');
const ms = (value: number) => (value < 10 ? value.toFixed(1) : whole(value));
const megabytes = (bytes: number) => whole(bytes / 2 ** 20);

type Cells = readonly string[];

const head: Cells = ['per second', 'min to max', '×', 'p50 ms', 'p99 ms', 'CPU µs', 'PostgreSQL µs', 'MB', 'WAL bytes'];

/** The table of one workload. The column × is the rate of each measured system, divided by the rate of the first. */
function tableOf(title: string, rows: readonly Summary[]): Cells[] {
  const first = rows[0]?.perSecond.median ?? 1;
  return [
    [title, ...head],
    ...rows.map(({ title: name, perSecond, p50Ms, p99Ms, cpuUs, residentBytes, walBytes }) => [
      name,
      whole(perSecond.median),
      `${whole(perSecond.least)} to ${whole(perSecond.most)}`,
      (perSecond.median / first).toPrecision(2),
      ms(p50Ms),
      ms(p99Ms),
      whole(cpuUs.own),
      whole(cpuUs.server),
      megabytes(residentBytes),
      whole(walBytes),
    ]),
  ];
}

/** All measurements as one table for a terminal. */
export function printTable(samples: readonly Sample[], titles: ReadonlyMap<string, string>): string {
  const lines = [...titles].flatMap(([workload, title]) => {
    const rows = summarize(samples, workload);
    return rows.length === 0 ? [] : [...tableOf(title, rows), []];
  });
  const widths = ['', ...head].map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((cells) => `${cells.map(pad).join('  ')}\n`).join('');
}
