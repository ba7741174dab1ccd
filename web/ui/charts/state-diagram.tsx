import type { SagaFigures, State } from '../api/shapes.ts';
import { count, decimal } from '../words/format.ts';
import { words } from '../words/words.ts';

const size = { width: 760, height: 400 };
const box = { width: 156, height: 70 };

/** The centers of the boxes: success above, from left to right; compensation below, from right to left. */
const places: Readonly<Record<State, readonly [x: number, y: number]>> = {
  occupying: [98, 60],
  paying: [380, 60],
  complete: [662, 60],
  canceled: [98, 340],
  releasing: [380, 340],
  refunding: [662, 340],
};

/** The position of a label on its arrow, from 0 to 1. In the middle, labels of crossing arrows would overlap. */
const labelAt: Readonly<Record<string, number>> = {
  'occupying refunding': 0.25,
  'paying refunding': 0.55,
  'paying releasing': 0.25,
};

const isPlaced = (state: string): state is State => state in places;
const isSettled = (state: State) => state === 'complete' || state === 'canceled';

/** The saga's table with live counts: bookings in each state, transitions on each arrow. */
export function StateDiagram({ figures }: { readonly figures: SagaFigures }) {
  const { operate: text, states } = words.value;
  const names = Object.keys(places) as State[];
  const summary = names.map((state) => `${states[state]}: ${figures.states[state] ?? 0}`).join(', ');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide diagram scrolls by keyboard.
    <section class="scroll" aria-label={text.diagram} tabIndex={0}>
      <svg class="states" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={summary}>
        {figures.arrows.map(({ from, to, ...arrow }) => {
          if (!isPlaced(from) || !isPlaced(to)) return null;
          return <Arrow key={`${from} ${to}`} from={from} to={to} {...arrow} />;
        })}
        {names.map((state) => {
          const [x, y] = places[state];
          return (
            <g key={state} class={isSettled(state) ? 'settled' : 'open'}>
              <rect
                class="box"
                x={x - box.width / 2}
                y={y - box.height / 2}
                width={box.width}
                height={box.height}
                rx={8}
              />
              <text x={x} y={y - 10}>
                {states[state]}
              </text>
              <text class="many" x={x} y={y + 22}>
                {count(figures.states[state] ?? 0)}
              </text>
            </g>
          );
        })}
      </svg>
    </section>
  );
}

interface ArrowProps extends Omit<SagaFigures['arrows'][number], 'from' | 'to'> {
  readonly from: State;
  readonly to: State;
}

function Arrow({ from, to, label, total, per_second: rate }: ArrowProps) {
  const { operate: text } = words.value;
  const [[x1, y1], [x2, y2]] = [edge(places[from], places[to]), edge(places[to], places[from])];
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const share = labelAt[`${from} ${to}`] ?? 0.5;
  const [lx, ly] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
  const [bx, by] = [x2 - ux * 10, y2 - uy * 10];
  const kind = label.split(' ').at(-1) ?? label;
  return (
    <g class={rate > 0 ? 'arrow moving' : 'arrow'}>
      <path d={`M${x1} ${y1}L${bx} ${by}`} />
      <polygon points={`${x2},${y2} ${bx - uy * 5},${by + ux * 5} ${bx + uy * 5},${by - ux * 5}`} />
      <text x={lx} y={ly - 6}>
        {text.labels[kind as keyof typeof text.labels] ?? label}
      </text>
      <text class="rate" x={lx} y={ly + 11}>
        {rate > 0 ? text.perSecond(decimal(rate)) : count(total)}
      </text>
    </g>
  );
}

/** The point where a line to another box leaves this one. */
function edge([x, y]: readonly [number, number], [otherX, otherY]: readonly [number, number]): [number, number] {
  const [dx, dy] = [otherX - x, otherY - y];
  const scale = Math.min(box.width / 2 / Math.abs(dx || 1e-9), box.height / 2 / Math.abs(dy || 1e-9));
  return [x + dx * scale, y + dy * scale];
}
