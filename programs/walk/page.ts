import { styleText } from 'node:util';
import type { Step } from './story.ts';

/** How far before the first difference an excerpt begins, and how long it is, in bytes. */
const lead = 24;
const excerptLength = 72;
const columns = 96;

/** What the walk prints. Colors come with a terminal, unless NO_COLOR says otherwise. */
export class Page {
  readonly #address: string;
  readonly #write: (text: string) => void;

  constructor(address: string, write: (text: string) => void) {
    this.#address = address;
    this.#write = write;
  }

  title(text: string): void {
    this.#line(text);
  }

  heading(title: string): void {
    this.#line(`\n${styleText('bold', title)}`);
  }

  note(text: string): void {
    for (const line of wrap(text)) this.#line(`  ${styleText('italic', line)}`);
  }

  command({ method, path, body }: Omit<Step, 'status'>, withCookie: boolean): void {
    const cookie = withCookie ? '-b "$cookie" ' : '';
    const sent = body === undefined ? '' : ` -d '${body}'`;
    this.#line(`  ${styleText('cyan', `$ curl ${cookie}-X ${method} ${this.#address}${path}${sent}`)}`);
  }

  /** An answer that the description does not show. */
  answer(text: string): void {
    this.#line(`    ${styleText('dim', unrolled(text))}`);
  }

  /** An answer that is what the description shows. */
  same(text: string): void {
    this.#line(`  ${styleText('green', '✓')} ${unrolled(text)}`);
  }

  /** An answer that is of no use, and why. */
  wrong(reason: string, text: string): void {
    this.#line(`  ${styleText('red', `✗ ${reason}`)}`);
    if (text !== '') this.#line(`    ${unrolled(text)}`);
  }

  /** An answer that differs from the one expected: both, and where they part. */
  different(expected: Buffer, actual: Buffer): void {
    const at = firstDifference(expected, actual);
    const from = Math.max(0, at - lead);
    const excerpt = (bytes: Buffer) =>
      (from > 0 ? '…' : ' ') +
      printable(bytes.subarray(from, from + excerptLength).toString('latin1')) +
      (bytes.length > from + excerptLength ? '…' : '');
    this.#line(`  ${styleText('red', `✗ this differs at byte ${at + 1}`)}`);
    this.#line(`    expected ${unrolled(expected.toString(), 14)}`);
    this.#line(`    answered ${unrolled(actual.toString(), 14)}`);
    this.#line(`    where they part:`);
    this.#line(`      expected ${excerpt(expected)}`);
    this.#line(`      answered ${excerpt(actual)}`);
    this.#line(`      ${' '.repeat('expected  '.length + at - from)}${styleText('red', '^')}`);
  }

  /** The verdict; `isAdjusted` where the answers were compared with ids and balances that are the database's own. */
  end(checked: number, wrong: number, isAdjusted: boolean): void {
    const how = isAdjusted ? 'with the ids and balances of this database' : 'byte for byte';
    const verdict =
      wrong === 0
        ? styleText(
            'green',
            `✓ All ${checked} answers that the description shows came out, ${how}, and the typed client reads the same.`,
          )
        : styleText('red', `✗ ${wrong} of these answers went wrong.`);
    this.#line(`\n${verdict}`);
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }
}

function firstDifference(one: Buffer, other: Buffer): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** A list with one item a line: seven bookings on one line are hard to read. */
function unrolled(text: string, indent = 5): string {
  return printable(text).replaceAll('},{', `},\n${' '.repeat(indent)}{`);
}

/** A terminal obeys control characters, and an answer must not give it orders. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length < columns) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
