import type { Sql } from '../database/database.ts';
import type { Keyed } from '../http/idempotency-key.ts';
import type { AnswerTable } from './store.ts';

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
  // By their places: the same item may be sent twice.
  const sent = set.flatMap(({ keyed }, place) => (keyed === undefined ? [] : [{ ...keyed, place }]));
  const known = await table.read(sql, sent);
  const taken = new Set(sent.filter((_, index) => known[index] !== undefined).map(({ place }) => place));
  const places = [...set.keys()].filter((place) => !taken.has(place));
  if (places.length === 0) return set.map(() => undefined);
  const inserted = await insert(places.map((place) => set[place] as Item));
  const stored = new Map(places.map((place, index) => [place, inserted[index] as Stored]));
  const keys = sent
    .filter(({ place }) => !taken.has(place))
    .map((each) => ({ ...each, answer: answerOf(stored.get(each.place) as Stored), refusal: null }));
  const isKept = keys.length === 0 ? [] : await table.insert(sql, keys, now);
  const lost = keys.filter((_, index) => isKept[index] !== true).map(({ place }) => place);
  if (lost.length > 0) await takeBack(lost.map((place) => stored.get(place) as Stored));
  for (const place of lost) stored.delete(place);
  return [...set.keys()].map((place) => stored.get(place));
}
