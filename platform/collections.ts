/** The value of a key in a map; made, and kept there, when it has none yet. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Divides items into batches for one call or one statement each, in order. */
export function* inBatches<Item>(items: readonly Item[], maxBatch: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += maxBatch) yield items.slice(from, from + maxBatch);
}
