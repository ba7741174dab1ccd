import { duration } from '../words/format.ts';
import { words } from '../words/words.ts';
import { type Lifeline, lifelines, longPauseMs, type Message } from './messages.ts';

const headPx = 34;
const rowPx = 46;
/** The number of rows of a successful booking. Their space is reserved from the start, so that nothing below moves. */
const usualRows = 6;

interface SequenceProps {
  readonly messages: readonly Message[];
  readonly width: number;
}

/** Draws messages between lifelines from top to bottom, each with the time since the first one. */
export function Sequence({ messages, width }: SequenceProps) {
  const { saga } = words.value;
  const rows = rowsOf(messages);
  const height = headPx + rowPx * Math.max(usualRows, rows.length) + 16;
  const gap = width / lifelines.length;
  const x = (lifeline: Lifeline) => gap * (lifelines.indexOf(lifeline) + 0.5);
  const boxPx = Math.min(130, gap - 6);
  const firstMs = messages[0]?.atMs ?? 0;
  // The lifelines of a settled booking end at the last message.
  const isOver = ['complete', 'canceled'].includes(messages.at(-1)?.name ?? '');
  const endPx = isOver ? headPx + rowPx * rows.length + 4 : height;
  return (
    <svg class="saga" viewBox={`0 0 ${width} ${height}`} height={height} aria-hidden="true">
      {lifelines.map((lifeline) => (
        <g class="role" key={lifeline}>
          <line class="lifeline" x1={x(lifeline)} x2={x(lifeline)} y1={headPx} y2={endPx} />
          <rect x={x(lifeline) - boxPx / 2} y={2} width={boxPx} height={28} rx={5} />
          <text x={x(lifeline)} y={21}>
            {saga.lifelines[lifeline]}
          </text>
        </g>
      ))}
      {rows.map((row, index) => {
        const y = headPx + rowPx * (index + 0.72);
        if (row.kind === 'pause') {
          return (
            <text class="pause" key={row.key} x={width / 2} y={y}>
              {saga.later(duration(row.ms))}
            </text>
          );
        }
        const { message } = row;
        const shape = { y, from: x(message.from), to: x(message.to), words: saga.messages[message.name] };
        const at = message.manner === 'wait' ? saga.waiting : `+${duration(message.atMs - firstMs)}`;
        return <Arrow key={row.key} {...shape} at={at} manner={message.manner} />;
      })}
    </svg>
  );
}

interface ArrowProps {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly at: string;
  readonly manner: Message['manner'];
}

function Arrow({ y, from, to, words: label, at, manner }: ArrowProps) {
  if (from === to) {
    return (
      <g class={`message ${manner}`}>
        <path d={`M${from} ${y - 12}h24v14h-17`} />
        <polygon points={`${from + 1},${y + 2} ${from + 11},${y - 3} ${from + 11},${y + 7}`} />
        <text class="words" x={from + 32} y={y - 2} text-anchor="start">
          {label}
        </text>
        <text class="at" x={from + 32} y={y + 13} text-anchor="start">
          {at}
        </text>
      </g>
    );
  }
  const way = Math.sign(to - from);
  const middle = (from + to) / 2;
  return (
    <g class={`message ${manner}`}>
      <line x1={from} x2={to - way * 9} y1={y} y2={y} />
      <polygon points={`${to - way},${y} ${to - way * 11},${y - 5} ${to - way * 11},${y + 5}`} />
      <text class="words" x={middle} y={y - 7} text-anchor="middle">
        {label}
      </text>
      <text class="at" x={middle} y={y + 15} text-anchor="middle">
        {at}
      </text>
    </g>
  );
}

type Row =
  | { readonly kind: 'message'; readonly key: string; readonly message: Message }
  | { readonly kind: 'pause'; readonly key: string; readonly ms: number };

function rowsOf(messages: readonly Message[]): Row[] {
  return messages.flatMap((message, index): Row[] => {
    const row: Row = { kind: 'message', key: message.name, message };
    const ms = message.atMs - (messages[index - 1]?.atMs ?? message.atMs);
    return ms < longPauseMs ? [row] : [{ kind: 'pause', key: `before ${message.name}`, ms }, row];
  });
}
