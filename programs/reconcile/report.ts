import { styleText } from 'node:util';
import type { Mended, ReconciliationFinding, ReconciliationReport } from '../../contracts/book/reconciliation.ts';

/** The stream that the report is written to. It decides whether the report has colors. */
export type Sheet = NodeJS.WriteStream;

/** A report for people: repairs, counts and findings. */
export function pageOf(address: string, report: ReconciliationReport, sheet: Sheet): string {
  const { clean, found, took_ms, mended, findings } = report;
  const paint = (color: 'green' | 'red' | 'dim', text: string) => styleText(color, text, { stream: sheet });
  const verdict = clean ? paint('green', 'all records agree') : paint('red', `${number(found)} found`);
  const more = found - findings.length;
  const lines = [
    ...(mended === undefined ? [] : [...mendedLines(mended), '']),
    `${address}: ${verdict} ${paint('dim', `(${(took_ms / 1_000).toFixed(1)} s)`)}`,
    '',
    ...columns(countsOf(report), 'right'),
    ...(findings.length > 0 ? ['', ...columns(findings.map(rowOf), 'left')] : []),
    ...(more > 0 ? [`  … and ${number(more)} more`] : []),
    '',
  ];
  return lines.join('\n');
}

const number = (count: number) => count.toLocaleString('en-US');

function countsOf({ checked, open }: ReconciliationReport): string[][] {
  const counts = { ...checked, open };
  return [Object.keys(counts), Object.values(counts).map(number)];
}

function rowOf({ kind, booking_id, event_id, user_id, words }: ReconciliationFinding): string[] {
  const about = Object.entries({ booking: booking_id, event: event_id, person: user_id });
  const [who = ''] = about.flatMap(([what, id]) => (id === undefined ? [] : [`${what} ${id}`]));
  return [kind, who, words];
}

/** Aligns rows in columns. */
function columns(rows: readonly string[][], side: 'left' | 'right'): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, width = 0) => (side === 'left' ? cell.padEnd(width) : cell.padStart(width));
  return rows.map((row) => `  ${row.map((cell, column) => pad(cell, widths[column])).join('   ')}`.trimEnd());
}

/** One line for each kind of repair. */
function mendedLines({ ids, ...mended }: Mended): string[] {
  const done: [count: number, what: string][] = [
    [mended.reoccupied, 'complete bookings without a slot or payment: requesting both again'],
    [mended.canceled, 'bookings whose slot or payment was undone, or whose payment has another price: canceled'],
    [mended.refunding, 'canceled bookings with a slot or payment: refunded and released'],
    [mended.slots_released, 'slots without a booking: released'],
    [mended.payments_refunded, 'payments without a booking: refunded'],
    [mended.unsettled, 'bookings still open: run the command again later'],
  ];
  const lines = done.flatMap(([count, what]) => (count > 0 ? [`  ${number(count)} ${what}`] : []));
  if (ids !== undefined)
    lines.unshift(`  new booking ids start above ${number(ids.to)}; the last one was ${number(ids.from)}`);
  return lines.length === 0 ? ['Nothing to repair.'] : ['Repaired:', ...lines];
}
