import type { Instance } from './store.ts';

interface Hold<Item> {
  item: Item;
  dueAtMs: number;
}

/** The open instances that this process runs, each as it was last seen, and until when each is this process's own. */
export class Holds<Item extends Instance> {
  readonly #holds = new Map<number, Hold<Item>>();

  get size(): number {
    return this.#holds.size;
  }

  ids(): number[] {
    return [...this.#holds.keys()];
  }

  get(id: number): Item | undefined {
    return this.#holds.get(id)?.item;
  }

  /** Holds an instance from now on, or holds on to it for longer. */
  hold(item: Item, dueAtMs: number): void {
    const held = this.#holds.get(item.id);
    if (held === undefined) this.#holds.set(item.id, { item, dueAtMs });
    else held.dueAtMs = dueAtMs;
  }

  /** Notes how an instance that is held stands now. */
  replace(item: Item): void {
    const held = this.#holds.get(item.id);
    if (held !== undefined) held.item = item;
  }

  drop(id: number): void {
    this.#holds.delete(id);
  }

  /** Those that anyone may take up from `beforeMs` on. */
  dueBefore(beforeMs: number): number[] {
    return [...this.#holds].filter(([, { dueAtMs }]) => dueAtMs < beforeMs).map(([id]) => id);
  }

  /** Notes a new time at which those of the ids that are still held are due. */
  renew(ids: readonly number[], dueAtMs: number): void {
    for (const id of ids) {
      const held = this.#holds.get(id);
      if (held !== undefined) held.dueAtMs = dueAtMs;
    }
  }
}
