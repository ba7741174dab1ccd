import { Unavailable } from '../errors.ts';

/** Thrown when another transaction wrote a row first: this transaction decided on stale data and must run again. */
export class WriteConflict extends Error {
  override name = 'WriteConflict';
}

const maxAttempts = 5;

/**
 * Runs a transaction, and repeats it after a write conflict, up to five attempts in all.
 * @throws Unavailable when every attempt ended with a conflict.
 */
export async function retryOnConflict<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (attempt === maxAttempts)
        throw new Unavailable('five attempts ended with a write conflict; the transaction was given up', {
          cause: error,
        });
    }
  }
}

/**
 * The SQLSTATE of a duplicate key.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const uniqueViolation = '23505';

/** Runs an insertion. @throws WriteConflict when another transaction inserted the same key concurrently. */
export async function conflictOnDuplicate<Answer>(insert: Promise<Answer>): Promise<Answer> {
  try {
    return await insert;
  } catch (cause) {
    if ((cause as { code?: unknown } | null)?.code !== uniqueViolation) throw cause;
    throw new WriteConflict('another transaction inserted the key', { cause });
  }
}

/**
 * Awaits several statements of a transaction that were sent together, in one round trip. The statements run in order,
 * and all of them have ended when this function returns or throws.
 * @throws the failure of the first failed statement: later statements fail because of it.
 */
export async function together<Answers extends readonly unknown[]>(
  ...statements: { [Index in keyof Answers]: Promise<Answers[Index]> }
): Promise<Answers> {
  const outcomes = await Promise.allSettled(statements);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }) as unknown as Answers;
}

/**
 * The result of a transaction and the promises of its last writes, which are sent together with the commit. This saves
 * one round trip, and locks are held for a shorter time. If one of the writes fails, nothing is committed. A write
 * whose result decides whether to commit must be awaited instead.
 */
export class Committing<Result> {
  readonly result: Result;
  readonly writes: readonly Promise<unknown>[];

  constructor(result: Result, ...writes: Promise<unknown>[]) {
    this.result = result;
    this.writes = writes;
    // The commit awaits the writes later. Until then, a rejection must not count as unhandled.
    for (const write of writes) write.catch(() => {});
  }
}

/** Awaits the last writes and returns the result, for adapters that commit afterwards. @throws their first failure. */
export async function written<Result>(work: Result | Committing<Result>): Promise<Result> {
  if (!(work instanceof Committing)) return work;
  await together(...work.writes);
  return work.result;
}
