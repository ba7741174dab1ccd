import type { Sql } from '../database/database.ts';
import type { Keyed } from '../http/idempotency-key.ts';
import type { IdempotencyStore } from './store.ts';

/** The functions that store a batch of items. */
export interface BatchInsert<Item, Stored> {
  /** Stores items and returns the stored rows in the same order. */
  insert(items: readonly Item[]): Promise<readonly Stored[]>;
  /** Deletes rows that `insert` stored in this transaction. */
  remove(stored: readonly Stored[]): Promise<unknown>;
  /** The JSON answer that is stored with an item's key. */
  answerOf(stored: Stored): string;
}

/**
 * Stores a batch of items, some with an idempotency key, inside a transaction. An item and its key are stored together
 * or not at all. Items whose key is already stored are skipped and returned as `undefined`, as are all but the first of
 * several items with one key.
 *
 * When two processes insert the same key concurrently, the second process waits until the first has committed. It then
 * sees that its own key was not inserted, and deletes the item that it stored for that key before it commits. The rest
 * of its batch is stored, so a client that sends one key to many processes does not delay other clients.
 */
export async function insertOnce<Item extends { readonly keyed?: Keyed }, Stored>(
  sql: Sql,
  store: IdempotencyStore,
  { items, now }: { readonly items: readonly Item[]; readonly now: Date },
  { insert, remove, answerOf }: BatchInsert<Item, Stored>,
): Promise<(Stored | undefined)[]> {
  // Items are identified by position, because one object may appear twice in a batch.
  const sent = items.flatMap(({ keyed }, place) => (keyed === undefined ? [] : [{ ...keyed, place }]));
  const known = await store.read(sql, sent);
  const taken = new Set(sent.filter((_, index) => known[index] !== undefined).map(({ place }) => place));
  const places = [...items.keys()].filter((place) => !taken.has(place));
  if (places.length === 0) return items.map(() => undefined);
  const inserted = await insert(places.map((place) => items[place] as Item));
  const stored = new Map(places.map((place, index) => [place, inserted[index] as Stored]));
  const keys = sent
    .filter(({ place }) => !taken.has(place))
    .map((each) => ({ ...each, answer: answerOf(stored.get(each.place) as Stored), refusal: null }));
  const isInserted = keys.length === 0 ? [] : await store.insert(sql, keys, now);
  const lost = keys.filter((_, index) => isInserted[index] !== true).map(({ place }) => place);
  if (lost.length > 0) await remove(lost.map((place) => stored.get(place) as Stored));
  for (const place of lost) stored.delete(place);
  return [...items.keys()].map((place) => stored.get(place));
}
