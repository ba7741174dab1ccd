import { columns, type Database, type Sql } from '../database/database.ts';
import { type Committing, written } from '../database/transaction.ts';
import { Conflict, Forbidden, InvalidInput, KeyInFlight, KeyReused, NotFound } from '../errors.ts';
import type { Keyed } from '../http/idempotency-key.ts';

/** What was answered to a write with a key: JSON, or a refusal's message, field and reason. */
export interface KeptAnswer {
  readonly answer: string;
  /** The name of the failure that it was refused with; null when it was carried out. */
  readonly refusal: string | null;
}

/** For how long an answer is kept at least, in milliseconds: 24 hours. */
export const keepAnswersMs = 24 * 60 * 60 * 1_000;

/**
 * The table `idempotency` of a service's schema: the answers to writes with an `Idempotency-Key`, each written in the
 * transaction of its write. Every service has one of its own; its columns are the same in all.
 */
export class AnswerTable {
  readonly #select: string;
  readonly #insert: string;
  readonly #forget: string;
  readonly #lock: string;
  readonly #schema: string;

  constructor(schema: string) {
    this.#schema = schema;
    this.#select = `
select t.place::integer as place, k.fingerprint, k.answer, k.refusal
  from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality as t (person_id, route, key, place)
  join ${schema}.idempotency as k on k.person_id = t.person_id and k.route = t.route and k.key = t.key`;
    // In the order of the keys, so that two sets with the same keys don't wait in a circle. One that someone else is
    // just writing is waited for: either it stands then, and is left out here, or it never was.
    this.#insert = `
insert into ${schema}.idempotency (person_id, route, key, fingerprint, answer, refusal, answered_at)
select person_id, route, key, fingerprint, answer, refusal, $7
  from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as t (person_id, route, key, fingerprint, answer, refusal)
 order by person_id, route, key
    on conflict (person_id, route, key) do nothing
returning person_id as "personId", route, key`;
    // An array, not a join: it is worked out once, so that no more rows are locked than are deleted.
    this.#forget = `
delete from ${schema}.idempotency
 where ctid = any (array (select ctid
                            from ${schema}.idempotency
                           where answered_at < $1
                           order by answered_at
                           limit $2
                             for update skip locked))
returning key`;
    this.#lock = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isFree"';
  }

  /** Reads what is kept for each of a set, in its order, whatever was asked for under its key. */
  async read(sql: Sql, set: readonly Keyed[]): Promise<((KeptAnswer & Pick<Keyed, 'fingerprint'>) | undefined)[]> {
    const rows = await sql.query<KeptAnswer & Keyed & { place: number }>(this.#select, keyColumns(set));
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return set.map((_, index) => byPlace.get(index + 1));
  }

  /**
   * Reads what is kept for a key; nothing when nothing is.
   * @throws KeyReused when something else was asked for under it.
   */
  async find(sql: Sql, keyed: Keyed): Promise<KeptAnswer | undefined> {
    const [kept] = await this.read(sql, [keyed]);
    if (kept !== undefined && kept.fingerprint !== keyed.fingerprint) throw new KeyReused(keyed.key);
    return kept;
  }

  /** Keeps answers, of each key the first; tells of each of the set whether it was kept now. */
  async insert(sql: Sql, set: readonly (Keyed & KeptAnswer)[], now: Date): Promise<boolean[]> {
    const first = new Map(set.map((each) => [nameOf(each), each] as const).reverse());
    const values = columns(
      [...first.values()],
      (row) => row.personId,
      (row) => row.route,
      (row) => row.key,
      (row) => row.fingerprint,
      (row) => row.answer,
      (row) => row.refusal,
    );
    const rows = await sql.query<Pick<Keyed, 'personId' | 'route' | 'key'>>(this.#insert, [...values, now]);
    const kept = new Set(rows.map(nameOf));
    return set.map((each) => kept.has(nameOf(each)) && first.get(nameOf(each)) === each);
  }

  /**
   * Takes the key for this transaction, whichever process it is in.
   * @throws KeyInFlight when a transaction with the same key is under way: it is not waited for, or a person's repeats
   * would take up all connections there are.
   */
  async take(sql: Sql, keyed: Keyed): Promise<void> {
    const [row] = await sql.query<{ isFree: boolean }>(this.#lock, [`${this.#schema} ${nameOf(keyed)}`]);
    if (row?.isFree !== true) throw new KeyInFlight(keyed.key);
  }

  /** Forgets up to `limit` of the answers that were given before a moment; tells how many. */
  async forget(sql: Sql, before: Date, limit: number): Promise<number> {
    return (await sql.query(this.#forget, [before, limit])).length;
  }
}

function keyColumns(set: readonly Keyed[]): unknown[][] {
  return columns(
    set,
    (row) => row.personId,
    (row) => row.route,
    (row) => row.key,
  );
}

/** A key never holds a line break, nor does a route. */
function nameOf({ personId, route, key }: Pick<Keyed, 'personId' | 'route' | 'key'>): string {
  return `${personId}\n${route}\n${key}`;
}

/**
 * Runs a transaction that answers a write, and keeps its answer with the key in the same transaction. Asked again with
 * the same key it runs nothing, and gives the first answer, refusals included. Failures are not kept: a write without
 * an answer is tried again.
 *
 * @param keyed without it this is a transaction like any other.
 * @param work what is to be done, and its answer, which JSON holds as it is.
 * @throws KeyReused when the key was used for another content; KeyInFlight when the first is still under way; and
 * whatever `work` throws, or once threw.
 */
export async function answerOnce<Answer>(
  database: Pick<Database, 'transaction'>,
  table: AnswerTable,
  { keyed, now }: { readonly keyed: Keyed | undefined; readonly now: Date },
  work: (sql: Sql) => Promise<Answer | Committing<Answer>>,
): Promise<Answer> {
  if (keyed === undefined) return database.transaction(work);
  const kept = await database.transaction(async (sql) => {
    await table.take(sql, keyed);
    const earlier = await table.find(sql, keyed);
    if (earlier !== undefined) return earlier;
    const answered = await answerOf(sql, work);
    await table.insert(sql, [{ ...keyed, ...answered }], now);
    return answered;
  });
  return told(kept);
}

/** What a kept answer says. @throws the refusal that it is. */
export function told<Answer>({ answer, refusal }: KeptAnswer): Answer {
  if (refusal === null) return JSON.parse(answer);
  throw refusalOf(refusal, JSON.parse(answer));
}

/** What a write may be refused with. The rest are failures: nobody knows what would have been answered. */
const refusals = { Conflict, Forbidden, InvalidInput, NotFound };

async function answerOf<Answer>(
  sql: Sql,
  work: (sql: Sql) => Promise<Answer | Committing<Answer>>,
): Promise<KeptAnswer> {
  await sql.query('savepoint asked');
  try {
    return { answer: JSON.stringify(await written(await work(sql))), refusal: null };
  } catch (error) {
    const refusal = Object.keys(refusals).find((name) => error instanceof Error && error.name === name);
    if (refusal === undefined) throw error;
    await sql.query('rollback to savepoint asked');
    const { message, field, why } = error as Conflict;
    return { answer: JSON.stringify({ message, field, why }), refusal };
  }
}

function refusalOf(name: string, { message, field, why }: Pick<Conflict, 'message' | 'field' | 'why'>): Error {
  const Refusal = refusals[name as keyof typeof refusals] ?? Conflict;
  return new Refusal(message, field as never, why as never);
}
