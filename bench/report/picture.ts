import { median, type Sample, type Summary, summarize } from '../results.ts';
import { Drawing, faint, ink, rule } from './svg.ts';

const width = 860;
const left = 230;
const ours = '#0b7285';
const others = '#adb5bd';
const late = '#e8590c';
const isOurs = (row: string) => ['one', 'four', 'embedded', 'against'].includes(row);

/** Draws bars for the hot event and, below them, latency against offered load, if measured. */
export function draw(samples: readonly Sample[], subtitle: string): string {
  const bars = summarize(samples, 'hot');
  const curve = curveOf(samples);
  const barsHeight = bars.length === 0 ? 0 : 50 + bars.length * 30;
  const head = 'Startlist: bookings per second, and their latency';
  const drawing = new Drawing(width, 76 + barsHeight + (curve.length === 0 ? 0 : 340), head);
  drawing.words(24, 32, head, { size: 18, bold: true });
  drawing.words(24, 52, subtitle, { color: faint, size: 12 });
  if (bars.length > 0) drawBars(drawing, bars, 88);
  if (curve.length > 0) drawCurve(drawing, curve, 76 + barsHeight + 30);
  return drawing.toString();
}

function drawBars(drawing: Drawing, bars: readonly Summary[], top: number): void {
  const title = 'One hot event, room for all: bookings per second (median; the line spans all rounds)';
  drawing.words(24, top, title, { bold: true });
  const scale = (width - left - 110) / Math.max(...bars.map(({ perSecond }) => perSecond.most));
  for (const [index, { row, title: name, perSecond }] of bars.entries()) {
    const y = top + 16 + index * 30;
    drawing.words(left - 12, y + 15, name, { anchor: 'end' });
    drawing.box(left, y, Math.max(1, perSecond.median * scale), 20, isOurs(row) ? ours : others);
    const span = [perSecond.least, perSecond.most].map((rate) => [left + rate * scale, y + 10] as const);
    drawing.line(span, ink);
    const end = left + perSecond.most * scale + 8;
    drawing.words(end, y + 15, Math.round(perSecond.median).toLocaleString('en'), { bold: isOurs(row) });
  }
}

interface Point {
  readonly offered: number;
  readonly p50: number;
  readonly p99: number;
}

function curveOf(samples: readonly Sample[]): Point[] {
  const groups = Map.groupBy(
    samples.filter(({ workload }) => workload === 'curve'),
    ({ row }) => row,
  );
  return [...groups.values()].map((turns) => ({
    offered: median(turns.map(({ offered = 0 }) => offered)),
    p50: median(turns.map(({ latencyMs }) => latencyMs.p50)),
    p99: median(turns.map(({ latencyMs }) => latencyMs.p99)),
  }));
}

/** Draws latency on a logarithmic scale, because p99 at saturation is hundreds of times p99 on an idle machine. */
function drawCurve(drawing: Drawing, points: readonly Point[], top: number): void {
  const [bottom, right] = [top + 260, width - 60];
  drawing.words(24, top, 'One process on PostgreSQL: latency in ms against bookings offered per second', {
    bold: true,
  });
  const most = Math.max(...points.map(({ offered }) => offered));
  const decades = Math.max(2, Math.ceil(Math.log10(Math.max(...points.map(({ p99 }) => p99)))));
  const x = (offered: number) => 70 + (offered / most) * (right - 70);
  const y = (ms: number) => bottom - (Math.max(0, Math.log10(ms)) / decades) * (bottom - top - 30);
  for (let decade = 0; decade <= decades; decade += 1) {
    const ms = 10 ** decade;
    drawing.line([[70, y(ms)] as const, [right, y(ms)] as const], rule);
    drawing.words(62, y(ms) + 4, ms.toLocaleString('en'), { anchor: 'end', color: faint, size: 12 });
  }
  for (const { offered } of points) {
    drawing.words(x(offered), bottom + 18, offered.toLocaleString('en'), { anchor: 'middle', color: faint, size: 11 });
  }
  // The offsets keep the labels apart where the lines meet.
  for (const [name, color, lift] of [['p50', ours, -10] as const, ['p99', late, 2] as const]) {
    const line = points.map((point) => [x(point.offered), y(point[name])] as const);
    drawing.line(line, color, 2);
    for (const [pointX, pointY] of line) drawing.dot(pointX, pointY, color);
    drawing.words(right + 10, (line.at(-1)?.[1] ?? 0) - lift, name, { color, bold: true });
  }
}
