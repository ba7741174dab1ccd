import { relative } from 'node:path';
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';

/** An event of node:test, with the fields that this reporter reads. */
interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly line?: number;
    readonly skip?: string | boolean;
    readonly message?: string;
    readonly details?: { readonly error?: Error & { readonly failureType?: string } };
    nesting?: number;
  };
}

/** The maximum length of a reason in the list of failed tests, in characters. */
const reasonLength = 400;

/**
 * The `spec` report of node:test with two more lists. Above the closing summary: the skipped tests with their reasons,
 * which are easily missed among hundreds of tests. At the end: the failed tests, because one full error may fill the
 * screen.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<unknown> {
  const failed: string[] = [];
  yield* Readable.from(nameFailed(nameSkipped(source), failed)).pipe(new spec());
  if (failed.length > 0) yield `\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`;
}

async function* nameSkipped(source: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const skipped: string[] = [];
  for await (const event of source) {
    const { type, data } = event;
    // A skipped suite is one event, without its tests, so its reason is listed once.
    if (type === 'test:pass' && data.skip)
      skipped.push(`${data.name}: ${data.skip === true ? 'no reason' : data.skip}`);
    if (type === 'test:diagnostic' && data.nesting === 0 && /^tests \d+$/.test(data.message ?? '')) {
      yield { type: 'test:stdout', data: { message: textOf(skipped) } };
    }
    yield event;
  }
}

/**
 * Kinds of failures that only follow from others: of a suite because of its tests, of a test because of a hook. They
 * are not listed.
 */
const becauseOfOthers = new Set(['subtestsFailed', 'cancelledByParent']);

async function* nameFailed(source: AsyncIterable<TestEvent>, failed: string[]): AsyncGenerator<TestEvent> {
  for await (const event of source) {
    if (event.type === 'test:fail') {
      const error = event.data.details?.error;
      if (!becauseOfOthers.has(error?.failureType ?? '')) failed.push(lineOf(event.data, error));
    }
    yield event;
  }
}

function textOf(skipped: readonly string[]): string {
  return skipped.length === 0 ? 'Nothing was skipped.\n' : `Skipped:\n${skipped.map((line) => `  ${line}\n`).join('')}`;
}

/** A failed test in one line: its file and line, its name, and the reason. */
function lineOf({ file = '', line, name }: TestEvent['data'], error?: Error): string {
  const cause = error?.cause ?? error;
  const reason = cause instanceof Error ? cause.message : inspect(cause);
  const place = [relative(process.cwd(), file), line].filter(Boolean).join(':');
  return `${place} ${name}: ${reason.replaceAll(/\s+/g, ' ').slice(0, reasonLength)}`;
}
