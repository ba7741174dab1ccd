import { columns, type Sql } from '../database/database.ts';
import { KeyInFlight, KeyReused } from '../errors.ts';
import type { Keyed } from '../http/idempotency-key.ts';

/** The stored answer to a write with a key: JSON, either the body or the refusal's message, field and reason. */
export interface StoredAnswer {
  readonly answer: string;
  /** The name of the refusal's error class; null when the write succeeded. */
  readonly refusal: string | null;
}

/** The minimum time for which an answer is stored, in milliseconds: 24 hours. */
export const retentionMs = 24 * 60 * 60 * 1_000;

/**
 * The table `idempotency` in a service's schema. It has the answers to writes with an `Idempotency-Key`, each inserted
 * in the transaction of its write. All services use the same columns.
 */
export class IdempotencyStore {
  readonly #select: string;
  readonly #insert: string;
  readonly #deleteOld: string;
  readonly #lock: string;
  readonly #schema: string;

  constructor(schema: string) {
    this.#schema = schema;
    this.#select = `
select t.place::integer as place, k.fingerprint, k.answer, k.refusal
  from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality as t (person_id, route, key, place)
  join ${schema}.idempotency as k on k.person_id = t.person_id and k.route = t.route and k.key = t.key`;
    // Rows are sorted by key: two batches with the same keys would otherwise deadlock. The insert waits for a
    // concurrent transaction that inserts the same key, and skips the key if that transaction commits.
    this.#insert = `
insert into ${schema}.idempotency (person_id, route, key, fingerprint, answer, refusal, answered_at)
select person_id, route, key, fingerprint, answer, refusal, $7
  from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as t (person_id, route, key, fingerprint, answer, refusal)
 order by person_id, route, key
    on conflict (person_id, route, key) do nothing
returning person_id as "personId", route, key`;
    // The subquery is an array, not a join, so that it runs once and locks exactly the deleted rows.
    this.#deleteOld = `
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

  /** Reads the stored answer of each key, in the order of `keys`. Does not compare fingerprints. */
  async read(sql: Sql, keys: readonly Keyed[]): Promise<((StoredAnswer & Pick<Keyed, 'fingerprint'>) | undefined)[]> {
    const rows = await sql.query<StoredAnswer & Keyed & { place: number }>(this.#select, keyColumns(keys));
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return keys.map((_, index) => byPlace.get(index + 1));
  }

  /**
   * Reads the stored answer of a key.
   * @throws KeyReused when the key was used with a different fingerprint.
   */
  async find(sql: Sql, keyed: Keyed): Promise<StoredAnswer | undefined> {
    const [stored] = await this.read(sql, [keyed]);
    if (stored !== undefined && stored.fingerprint !== keyed.fingerprint) throw new KeyReused(keyed.key);
    return stored;
  }

  /**
   * Inserts answers. Of several answers with one key, only the first is inserted.
   * @returns for each answer, whether this call inserted it.
   */
  async insert(sql: Sql, answers: readonly (Keyed & StoredAnswer)[], now: Date): Promise<boolean[]> {
    const first = new Map(answers.map((each) => [nameOf(each), each] as const).reverse());
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
    const inserted = new Set(rows.map(nameOf));
    return answers.map((each) => inserted.has(nameOf(each)) && first.get(nameOf(each)) === each);
  }

  /**
   * Locks the key until the transaction ends, across all processes.
   * @throws KeyInFlight at once when another transaction has locked the key. If repeated requests waited here, those of
   * one person could occupy all connections.
   */
  async lock(sql: Sql, keyed: Keyed): Promise<void> {
    const [row] = await sql.query<{ isFree: boolean }>(this.#lock, [`${this.#schema} ${nameOf(keyed)}`]);
    if (row?.isFree !== true) throw new KeyInFlight(keyed.key);
  }

  /** Deletes at most `limit` answers older than `before`. @returns the number of deleted answers. */
  async deleteOld(sql: Sql, before: Date, limit: number): Promise<number> {
    return (await sql.query(this.#deleteOld, [before, limit])).length;
  }
}

function keyColumns(keys: readonly Keyed[]): unknown[][] {
  return columns(
    keys,
    (row) => row.personId,
    (row) => row.route,
    (row) => row.key,
  );
}

/** A text that identifies a key. It is unambiguous, because neither a key nor a route contains a line break. */
function nameOf({ personId, route, key }: Pick<Keyed, 'personId' | 'route' | 'key'>): string {
  return `${personId}\n${route}\n${key}`;
}
