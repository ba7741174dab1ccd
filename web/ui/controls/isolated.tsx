import type { ComponentChildren } from 'preact';

/** Stands for a name in a sentence until it is split there. No text of the pages contains these characters. */
const mark = (index: number) => `\u{f0000}${index}\u{f0001}`;
const marks = /\u{f0000}(\d+)\u{f0001}/u;

/**
 * A sentence with its names isolated: a name that is written from right to left, or turns text in another way, does not
 * reorder the sentence around it.
 * @param sentence the sentence as a function of its names, as in `web/ui/words`.
 */
export function isolated(sentence: (...names: string[]) => string, ...names: readonly string[]): ComponentChildren {
  const parts = sentence(...names.map((_, index) => mark(index))).split(marks);
  // Odd parts are the numbers of names.
  return parts.map((part, at) => (at % 2 === 0 ? part : <bdi key={at}>{names[Number(part)]}</bdi>));
}
