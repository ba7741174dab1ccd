import type { Database, Sql } from '../database/database.ts';
import { type Committing, written } from '../database/transaction.ts';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../errors.ts';
import type { Keyed } from '../http/idempotency-key.ts';
import type { IdempotencyStore, StoredAnswer } from './store.ts';

/**
 * Runs a write in a transaction and stores its answer with the idempotency key in the same transaction. A repeated call
 * with the same key runs nothing and returns the first answer, or throws the first refusal. Failures are not stored, so
 * a repeated call after a failure runs the write.
 *
 * @param keyed the idempotency key. Without a key, the write runs in a plain transaction.
 * @param work the write; its answer must survive JSON.
 * @throws KeyReused when the key was used for a different request; KeyInFlight while the first request runs; and the
 * errors and stored refusals of `work`.
 */
export async function runOnce<Answer>(
  database: Pick<Database, 'transaction'>,
  store: IdempotencyStore,
  { keyed, now }: { readonly keyed: Keyed | undefined; readonly now: Date },
  work: (sql: Sql) => Promise<Answer | Committing<Answer>>,
): Promise<Answer> {
  if (keyed === undefined) return database.transaction(work);
  const stored = await database.transaction(async (sql) => {
    await store.lock(sql, keyed);
    const earlier = await store.find(sql, keyed);
    if (earlier !== undefined) return earlier;
    const answer = await answerOf(sql, work);
    await store.insert(sql, [{ ...keyed, ...answer }], now);
    return answer;
  });
  return replay(stored);
}

/** Returns a stored answer. @throws the stored refusal. */
export function replay<Answer>({ answer, refusal }: StoredAnswer): Answer {
  if (refusal === null) return JSON.parse(answer);
  throw refusalOf(refusal, JSON.parse(answer));
}

/** The error classes that are refusals: they are stored as answers. All other errors are failures. */
const refusals = { Conflict, Forbidden, InvalidInput, NotFound };

async function answerOf<Answer>(
  sql: Sql,
  work: (sql: Sql) => Promise<Answer | Committing<Answer>>,
): Promise<StoredAnswer> {
  await sql.query('savepoint before_write');
  try {
    return { answer: JSON.stringify(await written(await work(sql))), refusal: null };
  } catch (error) {
    const refusal = Object.keys(refusals).find((name) => error instanceof Error && error.name === name);
    if (refusal === undefined) throw error;
    await sql.query('rollback to savepoint before_write');
    const { message, field, why } = error as Conflict;
    return { answer: JSON.stringify({ message, field, why }), refusal };
  }
}

function refusalOf(name: string, { message, field, why }: Pick<Conflict, 'message' | 'field' | 'why'>): Error {
  const Refusal = refusals[name as keyof typeof refusals] ?? Conflict;
  return new Refusal(message, field as never, why as never);
}
