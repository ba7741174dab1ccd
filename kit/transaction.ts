import { Unavailable } from './errors.ts';

/** Someone else wrote what this transaction was about to write: what it decided rests on too little. */
export class Overtaken extends Error {
  override name = 'Overtaken';
}

const tries = 5;

/**
 * Runs a transaction, again from its beginning whenever it was overtaken.
 * @throws Unavailable when it was overtaken time after time.
 */
export async function retryOvertaken<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (attempt === tries) throw new Unavailable('overtaken by others time after time', { cause: error });
    }
  }
}

/**
 * Asks several statements of a transaction without waiting in between, so that they travel to a server as one. They are
 * carried out in their order, and all have ended when this returns, or throws.
 * @throws the first failure, in their order: whatever fails after it fails because of it.
 */
export async function together<Answers extends readonly unknown[]>(
  ...asked: { [Index in keyof Answers]: Promise<Answers[Index]> }
): Promise<Answers> {
  const ends = await Promise.allSettled(asked);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }) as unknown as Answers;
}
