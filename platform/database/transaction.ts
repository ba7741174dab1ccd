import { Unavailable } from '../errors.ts';

/** Someone else wrote what this transaction was about to write: what it decided rests on too little. */
export class WriteConflict extends Error {
  override name = 'WriteConflict';
}

const tries = 5;

/**
 * Runs a transaction, again from its beginning whenever it was overtaken.
 * @throws Unavailable when it was overtaken time after time.
 */
export async function retryOnConflict<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (attempt === tries) throw new Unavailable('overtaken by others time after time', { cause: error });
    }
  }
}

/**
 * The SQLSTATE of a key that is there already.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const uniqueViolation = '23505';

/** Gives the failure to insert a key that someone else has inserted meanwhile its meaning. */
export async function conflictOnDuplicate<Answer>(insert: Promise<Answer>): Promise<Answer> {
  try {
    return await insert;
  } catch (cause) {
    if ((cause as { code?: unknown } | null)?.code !== uniqueViolation) throw cause;
    throw new WriteConflict('answered elsewhere', { cause });
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

/**
 * What a transaction comes to, and its last writes, which need not be answered before it is committed: so a set waits
 * for one answer less, and a lock is held for that much less. They must have been asked already. When
 * the database refuses one, or it can't be sent, nothing is committed; what has to be looked at before the commit is
 * awaited instead.
 */
export class Committing<Result> {
  readonly result: Result;
  readonly writes: readonly Promise<unknown>[];

  constructor(result: Result, ...writes: Promise<unknown>[]) {
    this.result = result;
    this.writes = writes;
    // Whoever waits for them is told, however late.
    for (const write of writes) write.catch(() => {});
  }
}

/** The result, once the last writes are answered, for whoever commits only then. @throws the first failure. */
export async function written<Result>(work: Result | Committing<Result>): Promise<Result> {
  if (!(work instanceof Committing)) return work;
  await together(...work.writes);
  return work.result;
}
