import { batchEach } from './batch.ts';
import { entry } from './entry.ts';
import type { World } from './world.ts';

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
  return batchEach(world, { lanes: 2, maxSet: 500 }, (questions) => {
    const looks = new Map<string, Promise<Answer>>();
    return Promise.allSettled(questions.map((question) => entry(looks, nameOf(question), () => look(question))));
  });
}
