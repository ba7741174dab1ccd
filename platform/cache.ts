import { batchEach } from './batch.ts';
import { entry } from './collections.ts';
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

/**
 * Looks once for all who ask the same at the same time. Each is answered by a look that began after he asked, so that
 * nobody is told anything older than if he had looked by himself; an idle process looks at once.
 * @param nameOf tells questions apart: those with the same name have the same answer, which they share.
 */
export function shareLooks<Question, Answer>(
  world: World,
  nameOf: (question: Question) => string,
  look: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  // Each look has an end of its own: one that fails is no failure of those who asked for another.
  return batchEach(world, { lanes: 2, maxBatch: 500 }, (questions) => {
    const looks = new Map<string, Promise<Answer>>();
    return Promise.allSettled(questions.map((question) => entry(looks, nameOf(question), () => look(question))));
  });
}
