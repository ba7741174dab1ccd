import type { AnswerTable } from './answers.ts';
import type { Sql } from './db.ts';
import type { Keyed } from './idempotency.ts';

/** How the items of a set are stored. */
export interface Storing<Item, Stored> {
  /** Stores items, and answers what they have become in the same order. */
  insert(items: readonly Item[]): Promise<readonly Stored[]>;
  /** Undoes what `insert` did in this transaction. */
  takeBack(stored: readonly Stored[]): Promise<unknown>;
  /** What is kept with the key of an item, as JSON. */
  answerOf(stored: Stored): string;
}

/**
 * Stores a set of which some have an idempotency key, inside of a transaction: nothing is stored without its key, and
 * no key is kept without what it stands for. An item whose key is kept already is left out, and nothing is answered in
 * its place; so is all but one of several with the same key.
 *
 * When another process keeps one of the keys at this very moment, whoever comes second waits for the commit of the
 * first, finds that its own was not kept, and takes back what it has stored for it, before anyone has seen that. The
 * rest of its set goes on, so that whoever sends the same key to many processes holds up nobody else.
 */
export async function storeOnce<Item extends { readonly keyed?: Keyed }, Stored>(
  sql: Sql,
  table: AnswerTable,
  { set, now }: { readonly set: readonly Item[]; readonly now: Date },
  { insert, takeBack, answerOf }: Storing<Item, Stored>,
): Promise<(Stored | undefined)[]> {
  const sent = set.flatMap(({ keyed }) => keyed ?? []);
  const known = await table.read(sql, sent);
  const taken = new Set(sent.filter((_, index) => known[index] !== undefined));
  const fresh = set.filter(({ keyed }) => keyed === undefined || !taken.has(keyed));
  if (fresh.length === 0) return set.map(() => undefined);
  const inserted = await insert(fresh);
  const stored = new Map(fresh.map((item, index) => [item, inserted[index] as Stored]));
  const keys = [...stored].flatMap(([item, as]) =>
    item.keyed === undefined ? [] : [{ item, as, ...item.keyed, answer: answerOf(as), refusal: null }],
  );
  const isKept = keys.length === 0 ? [] : await table.insert(sql, keys, now);
  const lost = keys.filter((_, index) => isKept[index] !== true);
  if (lost.length > 0) await takeBack(lost.map(({ as }) => as));
  for (const { item } of lost) stored.delete(item);
  return set.map((item) => stored.get(item));
}
