import { styleText } from 'node:util';
import type { Step } from './story.ts';

/** How far before the first difference an excerpt begins, in bytes. */
const lead = 24;
/** The length of an excerpt, in bytes. */
const excerptLength = 72;
const columns = 96;

/** The output of the walk. It has colors on a terminal, unless NO_COLOR is set. */
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

  /** Prints an answer that the description does not show. */
  answer(text: string): void {
    this.#line(`    ${styleText('dim', unrolled(text))}`);
  }

  /** Prints an answer that matches the description. */
  same(text: string): void {
    this.#line(`  ${styleText('green', '✓')} ${unrolled(text)}`);
  }

  /** Prints an unusable answer and the reason. */
  wrong(reason: string, text: string): void {
    this.#line(`  ${styleText('red', `✗ ${reason}`)}`);
    if (text !== '') this.#line(`    ${unrolled(text)}`);
  }

  /** Prints the expected and the actual answer, and where they differ. */
  different(expected: Buffer, actual: Buffer): void {
    const at = firstDifference(expected, actual);
    const from = Math.max(0, at - lead);
    const excerpt = (bytes: Buffer) =>
      (from > 0 ? '…' : ' ') +
      printable(bytes.subarray(from, from + excerptLength).toString('latin1')) +
      (bytes.length > from + excerptLength ? '…' : '');
    this.#line(`  ${styleText('red', `✗ differs at byte ${at + 1}`)}`);
    this.#line(`    expected ${unrolled(expected.toString(), 14)}`);
    this.#line(`    answered ${unrolled(actual.toString(), 14)}`);
    this.#line(`    first difference:`);
    this.#line(`      expected ${excerpt(expected)}`);
    this.#line(`      answered ${excerpt(actual)}`);
    this.#line(`      ${' '.repeat('expected  '.length + at - from)}${styleText('red', '^')}`);
  }

  /** Prints the verdict. `isAdjusted`: ids and balances were adapted to the database. */
  end(checked: number, wrong: number, isAdjusted: boolean): void {
    const how = isAdjusted ? 'with the ids and balances of this database' : 'byte for byte';
    const verdict =
      wrong === 0
        ? styleText(
            'green',
            `✓ All ${checked} answers match the description ${how}, and the typed client reads the same.`,
          )
        : styleText('red', `✗ ${wrong} of these answers did not match.`);
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

/** Puts each item of a list on its own line. */
function unrolled(text: string, indent = 5): string {
  return printable(text).replaceAll('},{', `},\n${' '.repeat(indent)}{`);
}

/** Replaces control characters: an answer must not control the terminal. */
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
