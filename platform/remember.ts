import type { World } from './world.ts';

/**
 * Asks about a key at most once in a while: whoever asks meanwhile gets the same answer, the one under way included. A
 * failure is no answer: the next one asks again.
 * @param atMost how many answers are kept; beyond it all are forgotten.
 */
export function remember<Key, Answer>(
  world: World,
  { forMs, atMost }: { readonly forMs: number; readonly atMost: number },
  ask: (key: Key) => Promise<Answer>,
): (key: Key) => Promise<Answer> {
  const kept = new Map<Key, { readonly answer: Promise<Answer>; readonly untilMs: number }>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined && known.untilMs > world.now()) return known.answer;
    const answer = ask(key);
    if (kept.size >= atMost) kept.clear();
    kept.set(key, { answer, untilMs: world.now() + forMs });
    answer.catch(() => kept.delete(key));
    return answer;
  };
}
