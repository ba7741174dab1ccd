import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeNoArguments } from '../../platform/process/program.ts';
import { root } from '../support/sources.ts';
import { drawTrace, Receiver } from './otlp.ts';
import { bookTraced, prepare, runInFour, runInOne, type TracedRun, traceOf, wholeTrace } from './traced-run.ts';

/** The document with traces of real runs, and the functions that start the runs, by the names in its markers. */
export const document = join(root, 'docs/traces.md');
export const runs = { 'in one process': runInOne, 'as four processes': runInFour };
export type RunName = keyof typeof runs;
export const runNames = Object.keys(runs) as RunName[];

/** Draws the trace of one booking on a fresh Startlist. */
export async function drawBooking(run: TracedRun, receiver: Receiver): Promise<string> {
  const { admin, eventId } = await prepare(run);
  // The first booking is not drawn: it opens connections and plans statements.
  await bookTraced(run, admin, eventId, 1);
  // Cached sessions expire after a second, so the second booking resolves its session again.
  await delay(1_200);
  await bookTraced(run, admin, eventId, 2);
  return drawTrace(await wholeTrace(receiver, traceOf(2).traceId));
}

/** Runs `work` with a Startlist that sends its traces to a receiver. */
export async function withRun<Result>(
  start: (environment: Readonly<Record<string, string>>) => Promise<TracedRun>,
  environment: Readonly<Record<string, string>>,
  work: (run: TracedRun, receiver: Receiver) => Promise<Result>,
): Promise<Result> {
  const receiver = await Receiver.start();
  try {
    const run = await start({ ...receiver.environment, ...environment });
    try {
      return await work(run, receiver);
    } finally {
      await run.stop();
    }
  } finally {
    receiver.stop();
  }
}

const marked = (name: string) =>
  new RegExp(`(<!-- generated: ${name} \\(npm run traces\\) -->\\n\\n\`\`\`text\\n)([\\s\\S]*?)(\\n\`\`\`\\n)`);

/** The trace drawn in the document. */
export function drawnIn(text: string, name: RunName): string {
  const [, , drawn] = marked(name).exec(text) ?? [];
  if (drawn === undefined) throw new Error(`docs/traces.md has no trace ${name}`);
  return drawn;
}

/** The tree of a drawn trace without its timings, which differ between runs. */
export function shapeOf(drawn: string): string[] {
  return drawn.split('\n').map((line) => line.replace(/( +[\d.]+){2}$/, '').replace(/ {2,}(\w+) *$/, ' $1'));
}

if (import.meta.main) {
  takeNoArguments(
    'npm run traces',
    'Starts Startlist, books, and replaces the traces in docs/traces.md with new ones.',
  );
  let text = readFileSync(document, 'utf8');
  for (const name of runNames) {
    const drawn = await withRun(runs[name], {}, drawBooking);
    text = text.replace(marked(name), (_all, begin, _old, end) => `${begin}${drawn}${end}`);
  }
  writeFileSync(document, text);
}
