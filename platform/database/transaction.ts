import { Unavailable } from '../errors.ts';

/** Another transaction wrote a row first, so this one decided on stale data and must run again. */
export class WriteConflict extends Error {
  override name = 'WriteConflict';
}

const maxAttempts = 5;

/**
 * Runs a transaction, and repeats it after a write conflict, five times at most.
 * @throws Unavailable when every attempt ended with a conflict.
 */
export async function retryOnConflict<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (attempt === maxAttempts) throw new Unavailable('write conflicts in five attempts', { cause: error });
    }
  }
}

/**
 * The SQLSTATE of a duplicate key.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const uniqueViolation = '23505';

/** Turns a duplicate key, which another transaction inserted concurrently, into a WriteConflict. */
export async function conflictOnDuplicate<Answer>(insert: Promise<Answer>): Promise<Answer> {
  try {
    return await insert;
  } catch (cause) {
    if ((cause as { code?: unknown } | null)?.code !== uniqueViolation) throw cause;
    throw new WriteConflict('another transaction inserted the key', { cause });
  }
}

/**
 * Awaits several statements of a transaction that were sent without waiting in between, in one round trip. They run in
 * order, and all have ended when this returns or throws.
 * @throws the first failure in order: later statements fail because of it.
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
 * The result of a transaction with its last writes, which are sent together with the commit. This saves one round trip
 * and shortens the time locks are held. The writes must already be sent. If one fails, nothing is committed. A write whose
 * result decides about the commit must be awaited instead.
 */
export class Committing<Result> {
  readonly result: Result;
  readonly writes: readonly Promise<unknown>[];

  constructor(result: Result, ...writes: Promise<unknown>[]) {
    this.result = result;
    this.writes = writes;
    // The commit awaits them later; until then a rejection must not be unhandled.
    for (const write of writes) write.catch(() => {});
  }
}

/** Awaits the last writes and returns the result, for adapters that commit afterwards. @throws the first failure. */
export async function written<Result>(work: Result | Committing<Result>): Promise<Result> {
  if (!(work instanceof Committing)) return work;
  await together(...work.writes);
  return work.result;
}
