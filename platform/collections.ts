/** Returns the value of a key in a map. If the key is missing, first inserts the value that `make` returns. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Splits items into batches, in order. */
export function* inBatches<Item>(items: readonly Item[], maxBatch: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += maxBatch) yield items.slice(from, from + maxBatch);
}
