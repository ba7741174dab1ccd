import { kindOf, Refused, Unreachable } from '../api/ask.ts';
import { words } from '../words/words.ts';

/** What happened, and what to do about it, in words for whoever looks at a page. */
export interface Explanation {
  readonly head: string;
  readonly hint?: string;
}

/** Errors of the server are told by their kind; its own words, which are English, say the rest. */
export function explain(error: unknown): Explanation {
  const { problems } = words.value;
  if (error instanceof Unreachable) return problems.unreachable;
  if (!(error instanceof Refused)) return problems.unexpected;
  const known = problems.kinds[kindOf(error) as keyof typeof problems.kinds];
  if (known === undefined) return { head: problems.refused, hint: error.message };
  if ('hint' in known) return known;
  return { ...known, hint: error.message };
}
