import { relative } from 'node:path';
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';

/** What node:test tells a reporter, as far as it is read here. */
interface Told {
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

/** How much is said of why a test failed, in characters. */
const reasonLength = 400;

/**
 * node:test's own `spec` report, which names once more what was skipped and why, just above the closing summary: in a
 * run of hundreds of tests nobody would see it otherwise. The last lines of a run that failed name what failed: errors
 * are printed whole above them, and one of them may fill the screen.
 */
export default async function* report(source: AsyncIterable<Told>): AsyncGenerator<unknown> {
  const failed: string[] = [];
  yield* Readable.from(nameFailed(nameSkipped(source), failed)).pipe(new spec());
  if (failed.length > 0) yield `\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`;
}

async function* nameSkipped(source: AsyncIterable<Told>): AsyncGenerator<Told> {
  const skipped: string[] = [];
  for await (const told of source) {
    const { type, data } = told;
    // A skipped suite gives its reason to each of its tests: said once, it is heard.
    if (type === 'test:pass' && data.skip)
      skipped.push(`${data.name}: ${data.skip === true ? 'no reason' : data.skip}`);
    if (type === 'test:diagnostic' && data.nesting === 0 && /^tests \d+$/.test(data.message ?? '')) {
      yield { type: 'test:stdout', data: { message: textOf(skipped) } };
    }
    yield told;
  }
}

/** A suite fails of its tests, and they of their suite's preparation: what fails of itself is named. */
const becauseOfOthers = new Set(['subtestsFailed', 'cancelledByParent']);

async function* nameFailed(source: AsyncIterable<Told>, failed: string[]): AsyncGenerator<Told> {
  for await (const told of source) {
    if (told.type === 'test:fail') {
      const error = told.data.details?.error;
      if (!becauseOfOthers.has(error?.failureType ?? '')) failed.push(lineOf(told.data, error));
    }
    yield told;
  }
}

function textOf(skipped: readonly string[]): string {
  return skipped.length === 0 ? 'Nothing was skipped.\n' : `Skipped:\n${skipped.map((line) => `  ${line}\n`).join('')}`;
}

/** Where a test stands, its name and why it failed, in one line. */
function lineOf({ file = '', line, name }: Told['data'], error?: Error): string {
  const cause = error?.cause ?? error;
  const reason = cause instanceof Error ? cause.message : inspect(cause);
  const place = [relative(process.cwd(), file), line].filter(Boolean).join(':');
  return `${place} ${name}: ${reason.replaceAll(/\s+/g, ' ').slice(0, reasonLength)}`;
}
