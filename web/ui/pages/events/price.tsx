import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** What a slot costs; nothing is said in a word. */
export function Price({ of }: { readonly of: number }) {
  return <span class="number">{of === 0 ? words.value.free : sum(of)}</span>;
}
