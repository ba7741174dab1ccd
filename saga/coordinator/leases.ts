import type { Span } from '@opentelemetry/api';
import type { Instance } from './store.ts';

interface Lease<Item> {
  item: Item;
  dueAtMs: number;
  readonly sinceMs: number;
  span?: Span | undefined;
}

/** The open instances that this process runs: of each, the newest known version and the end of the lease. */
export class Leases<Item extends Instance> {
  readonly #leases = new Map<number, Lease<Item>>();
  readonly #isBulk: (item: Item) => boolean;
  #bulk = 0;

  /** `isBulk` is true for bulk work, which gets half the lanes and its own limit. */
  constructor(isBulk: (item: Item) => boolean) {
    this.#isBulk = isBulk;
  }

  /** The number of leased instances, bulk work excluded. */
  get regular(): number {
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

  /** The span of the request that created or canceled an instance. */
  spanOf(id: number): Span | undefined {
    return this.#leases.get(id)?.span;
  }

  runFor(id: number, span: Span | undefined): void {
    const lease = this.#leases.get(id);
    if (lease !== undefined && span !== undefined) lease.span = span;
  }

  /** Leases an instance until `dueAtMs`, or extends its lease. `sinceMs` is when the instance became open. */
  add(item: Item, dueAtMs: number, sinceMs: number): void {
    const lease = this.#leases.get(item.id);
    if (lease !== undefined) lease.dueAtMs = dueAtMs;
    else {
      this.#leases.set(item.id, { item, dueAtMs, sinceMs });
      if (this.#isBulk(item)) this.#bulk += 1;
    }
  }

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

  /** Extends leases. Ids without a lease are ignored. */
  renew(ids: readonly number[], dueAtMs: number): void {
    for (const id of ids) {
      const lease = this.#leases.get(id);
      if (lease !== undefined) lease.dueAtMs = dueAtMs;
    }
  }
}
