import type { SalesPoint } from '../api/shapes.ts';
import { useWidth } from '../state/size.ts';
import { clock, count } from '../words/format.ts';

const heightPx = 240;
const margin = { top: 12, right: 12, bottom: 24, left: 48 };

interface CurveProps {
  readonly points: readonly SalesPoint[];
  /** The number of slots, which the curve cannot exceed. */
  readonly limit: number;
  readonly label: string;
}

/** A curve of the slots taken over time, with their limit. */
export function Curve({ points, limit, label }: CurveProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={element}>{width > 0 && <CurveDrawing points={points} limit={limit} label={label} width={width} />}</div>
  );
}

function CurveDrawing({ points, limit, label, width }: CurveProps & { readonly width: number }) {
  const times = points.map(({ at }) => Date.parse(at));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const most = Math.max(...points.map(({ taken }) => taken), 1);
  // The limit is drawn once half of it is taken; until then the scale follows the curve.
  const top = most * 2 >= limit ? limit : niceAbove(most);
  const x = (ms: number) =>
    margin.left + ((width - margin.left - margin.right) * (ms - first)) / Math.max(1, last - first);
  const y = (taken: number) => heightPx - margin.bottom - ((heightPx - margin.top - margin.bottom) * taken) / top;
  // A step curve: the number is constant between two points.
  const line = points.flatMap(({ taken }, index) => {
    const at = x(times[index] ?? first).toFixed(1);
    return [points[index - 1]?.taken ?? 0, taken].map((height) => `${at},${y(height).toFixed(1)}`);
  });
  const end = points.at(-1);
  return (
    <svg class="curve" viewBox={`0 0 ${width} ${heightPx}`} height={heightPx} role="img" aria-label={label}>
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line class="grid" x1={margin.left} x2={width - margin.right} y1={y(share * top)} y2={y(share * top)} />
          {(share * top) % 1 === 0 && (
            <text x={margin.left - 8} y={y(share * top) + 4} text-anchor="end">
              {count(share * top)}
            </text>
          )}
        </g>
      ))}
      {top === limit && <line class="limit" x1={margin.left} x2={width - margin.right} y1={y(limit)} y2={y(limit)} />}
      <polygon class="area" points={`${x(first)},${y(0)} ${line.join(' ')} ${x(last)},${y(0)}`} />
      <polyline class="sold" points={line.join(' ')} />
      {end && <circle class="now" cx={x(last)} cy={y(end.taken)} r={5} />}
      <text x={margin.left} y={heightPx - 6}>
        {clock(points[0]?.at ?? '')}
      </text>
      {last > first && (
        <text x={width - margin.right} y={heightPx - 6} text-anchor="end">
          {clock(end?.at ?? '')}
        </text>
      )}
    </svg>
  );
}

/** Rounds up to the next of 4, 8, 20, 40, 80, 200 …, whose quarters are whole numbers. */
function niceAbove(value: number): number {
  for (let unit = 4; ; unit *= 10) {
    for (const factor of [1, 2, 5]) if (unit * factor >= value) return unit * factor;
  }
}
