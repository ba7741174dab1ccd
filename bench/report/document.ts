import { type Claim, isTrue } from '../claims.ts';
import { type Sample, type Summary, summarize } from '../results.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en');
const ms = (value: number) => (value < 10 ? value.toFixed(1) : whole(value));
const megabytes = (bytes: number) => whole(bytes / 2 ** 20);

const head = ['per second', 'min to max', 'p50 ms', 'p99 ms', 'CPU µs', 'PostgreSQL µs', 'MB', 'WAL bytes'];

/** Returns the generated part of docs/performance.md. */
export function inMarkdown(
  samples: readonly Sample[],
  titles: ReadonlyMap<string, string>,
  claims: readonly Claim[],
  where: string,
): string {
  const tables = [...titles].flatMap(([workload, title]) => {
    const rows = summarize(samples, workload);
    return rows.length === 0 ? [] : [table([title, ...head], rows.map(cells))];
  });
  const judged = claims.map((claim) => [
    claim.words,
    claim.found.toPrecision(3),
    `${claim.isBound ? 'at most' : 'at least'} ${claim.wanted}`,
    isTrue(claim) ? 'yes' : '**no**',
  ]);
  const picture = '![Bookings per second, and latency against offered load](performance/bench.svg)';
  return [where, picture, ...tables, table(['claim', 'measured', 'target', 'met'], judged)].join('\n\n');
}

function cells({ title, perSecond, p50Ms, p99Ms, cpuUs, residentBytes, walBytes }: Summary): string[] {
  const span = `${whole(perSecond.least)} to ${whole(perSecond.most)}`;
  const costs = [whole(cpuUs.own), whole(cpuUs.server), megabytes(residentBytes), whole(walBytes)];
  return [title, whole(perSecond.median), span, ms(p50Ms), ms(p99Ms), ...costs];
}

function table(first: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (of: readonly string[]) => `| ${of.join(' | ')} |`;
  return [line(first), line(first.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const marked = /(<!-- generated: npm run bench -- --publish -->\n)[\s\S]*?(\n<!-- end of what is generated -->)/;

/** Replaces the generated part of a document. @throws when the document has no markers. */
export function renew(document: string, part: string): string {
  if (!marked.test(document)) throw new Error('the document has no markers for the generated part');
  return document.replace(marked, (_, begin, end) => `${begin}\n${part}\n${end}`);
}
