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
