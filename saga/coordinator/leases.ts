import type { Span } from '../../platform/telemetry/trace.ts';
import type { Instance } from './store.ts';

interface Lease<Item> {
  item: Item;
  dueAtMs: number;
  readonly sinceMs: number;
  span?: Span | undefined;
}

/** The open instances that this process runs: the last known version of each, and when its lease runs out. */
export class Leases<Item extends Instance> {
  readonly #leases = new Map<number, Lease<Item>>();
  readonly #isBulk: (item: Item) => boolean;
  #bulk = 0;

  /** `isBulk` is true for bulk work, which gets half the lanes and a limit apart from the others'. */
  constructor(isBulk: (item: Item) => boolean) {
    this.#isBulk = isBulk;
  }

  /** How many instances are leased that are not bulk work. */
  get live(): number {
    return this.#leases.size - this.#bulk;
  }

  get bulk(): number {
    return this.#bulk;
  }

  ids(): number[] {
    return [...this.#leases.keys()];
  }

  get(id: number): Item | undefined {
    return this.#leases.get(id)?.item;
  }

  /** When a leased instance became open, in milliseconds since 1970. */
  sinceOf(id: number): number | undefined {
    return this.#leases.get(id)?.sinceMs;
  }

  /** The traced request that an instance is run for. */
  spanOf(id: number): Span | undefined {
    return this.#leases.get(id)?.span;
  }

  runFor(id: number, span: Span | undefined): void {
    const lease = this.#leases.get(id);
    if (lease !== undefined && span !== undefined) lease.span = span;
  }

  /** Leases an instance, open since `sinceMs`, until `dueAtMs`, or extends its lease. */
  add(item: Item, dueAtMs: number, sinceMs: number): void {
    const lease = this.#leases.get(item.id);
    if (lease !== undefined) lease.dueAtMs = dueAtMs;
    else {
      this.#leases.set(item.id, { item, dueAtMs, sinceMs });
      if (this.#isBulk(item)) this.#bulk += 1;
    }
  }

  /** Keeps the new version of a leased instance. */
  replace(item: Item): void {
    const lease = this.#leases.get(item.id);
    if (lease === undefined) return;
    this.#bulk += Number(this.#isBulk(item)) - Number(this.#isBulk(lease.item));
    lease.item = item;
  }

  drop(id: number): void {
    const lease = this.#leases.get(id);
    if (lease !== undefined && this.#isBulk(lease.item)) this.#bulk -= 1;
    this.#leases.delete(id);
  }

  /** The ids of the instances whose lease runs out before `beforeMs`. */
  dueBefore(beforeMs: number): number[] {
    return [...this.#leases].filter(([, { dueAtMs }]) => dueAtMs < beforeMs).map(([id]) => id);
  }

  /** Extends the leases of those ids that are still leased. */
  renew(ids: readonly number[], dueAtMs: number): void {
    for (const id of ids) {
      const lease = this.#leases.get(id);
      if (lease !== undefined) lease.dueAtMs = dueAtMs;
    }
  }
}
