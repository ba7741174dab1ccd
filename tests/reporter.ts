import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';

/** What node:test tells a reporter, as far as it is read here. */
interface Told {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly skip?: string | boolean;
    readonly message?: string;
    nesting?: number;
  };
}

/**
 * node:test's own `spec` report, which names once more what was skipped and why, just above the closing summary: in a
 * run of hundreds of tests nobody would see it otherwise.
 */
export default async function* report(source: AsyncIterable<Told>): AsyncGenerator<unknown> {
  yield* Readable.from(nameSkipped(source)).pipe(new spec());
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

function textOf(skipped: readonly string[]): string {
  return skipped.length === 0 ? 'Nothing was skipped.\n' : `Skipped:\n${skipped.map((line) => `  ${line}\n`).join('')}`;
}
