import type { Span } from '../../platform/telemetry/trace.ts';
import type { Instance } from './store.ts';

interface Hold<Item> {
  item: Item;
  dueAtMs: number;
  readonly sinceMs: number;
  span?: Span | undefined;
}

/** The open instances that this process runs, each as it was last seen, and until when each is this process's own. */
export class Holds<Item extends Instance> {
  readonly #holds = new Map<number, Hold<Item>>();
  readonly #isMass: (item: Item) => boolean;
  #mass = 0;

  /** `isMass` tells the instances that are many at once and may take their time from all others. */
  constructor(isMass: (item: Item) => boolean) {
    this.#isMass = isMass;
  }

  /** How many of the one kind and of the other. */
  get sizes(): { readonly mass: number; readonly live: number } {
    return { mass: this.#mass, live: this.#holds.size - this.#mass };
  }

  ids(): number[] {
    return [...this.#holds.keys()];
  }

  get(id: number): Item | undefined {
    return this.#holds.get(id)?.item;
  }

  /** Since when one that is held here is open, in milliseconds since 1970. */
  sinceOf(id: number): number | undefined {
    return this.#holds.get(id)?.sinceMs;
  }

  /** The request that an instance is run for, where it is traced. */
  spanOf(id: number): Span | undefined {
    return this.#holds.get(id)?.span;
  }

  /** Notes for which request an instance that is held is run. */
  runFor(id: number, span: Span | undefined): void {
    const held = this.#holds.get(id);
    if (held !== undefined && span !== undefined) held.span = span;
  }

  /** Holds an instance, which is open since `sinceMs`, from now on, or holds on to it for longer. */
  hold(item: Item, dueAtMs: number, sinceMs: number): void {
    const held = this.#holds.get(item.id);
    if (held !== undefined) held.dueAtMs = dueAtMs;
    else {
      this.#holds.set(item.id, { item, dueAtMs, sinceMs });
      if (this.#isMass(item)) this.#mass += 1;
    }
  }

  /** Notes how an instance that is held stands now. */
  replace(item: Item): void {
    const held = this.#holds.get(item.id);
    if (held === undefined) return;
    this.#mass += Number(this.#isMass(item)) - Number(this.#isMass(held.item));
    held.item = item;
  }

  drop(id: number): void {
    const held = this.#holds.get(id);
    if (held !== undefined && this.#isMass(held.item)) this.#mass -= 1;
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
