/** Divides items into sets that one call or one statement takes, in their order. */
export function* inSets<Item>(items: readonly Item[], maxSet: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += maxSet) yield items.slice(from, from + maxSet);
}
