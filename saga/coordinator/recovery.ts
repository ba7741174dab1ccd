import { inBatches } from '../../platform/collections.ts';
import type { Timer, World } from '../../platform/world.ts';
import type { Holds } from './leases.ts';
import type { EngineEvents } from './observer.ts';
import type { Answer, Instance, SagaStore } from './store.ts';

/** What housekeeping asks of its engine. */
export interface House<Item extends Instance> {
  readonly world: World;
  readonly store: Pick<SagaStore<string, Item, never, Answer>, 'takeDue' | 'pushDue'>;
  readonly holds: Holds<Item>;
  readonly events: EngineEvents;
  readonly leaseMs: number;
  /** How many are taken up at once. */
  readonly maxBatch: number;
  /** How many more may be held, of those that do not come in masses. */
  room(): number;
  /** Runs an instance until `dueAt`, unless there is no room for its kind; tells which. */
  takeUp(item: Item, dueAt: Date): boolean;
}

/** How often open instances are looked for that someone left behind, in milliseconds. */
const everyMs = 1_000;

/**
 * Keeps what this process holds, and takes up what is due: after a crash, a lost reply, a back-off or a power cut,
 * all by the same way. Leases save work; nothing goes wrong when two processes run the same instance.
 */
export class Housekeeping<Item extends Instance> {
  readonly #house: House<Item>;
  #timer: Timer | undefined;
  #tick: Promise<void> | undefined;
  #isStopped = false;

  constructor(house: House<Item>) {
    this.#house = house;
  }

  /** Looks at once, and from then on about every second until `stop`. */
  start(): void {
    const { world } = this.#house;
    this.#tick = this.#look().then(() => {
      if (!this.#isStopped) this.#timer = world.later(everyMs * (0.9 + world.random() / 5), () => this.start());
    });
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#tick;
  }

  /** Each by itself: what can't be kept is no reason to leave alone what nobody holds. */
  async #look(): Promise<void> {
    await this.#keep().catch((error) => this.#house.events.failed?.(error));
    await this.#recover().catch((error) => this.#house.events.failed?.(error));
  }

  /** Renews the lease of what is held here and nearly due, so that nobody else takes it up; what could not be, next time. */
  async #keep(): Promise<void> {
    const { holds, store, world, leaseMs, maxBatch } = this.#house;
    const nearlyDue = holds.dueBefore(world.now() + leaseMs / 2);
    const dueAtMs = world.now() + leaseMs;
    for (const ids of inBatches(nearlyDue, maxBatch)) holds.renew(await store.pushDue(ids, new Date(dueAtMs)), dueAtMs);
  }

  /** Takes up what is due and not held here, as long as there is room. */
  async #recover(): Promise<void> {
    const { holds, store, world, leaseMs, maxBatch, events } = this.#house;
    for (let isMore = true; isMore && !this.#isStopped; ) {
      const limit = Math.min(maxBatch, this.#house.room());
      // What can't be run here is better found by someone else.
      if (limit <= 0) return;
      const dueAt = new Date(world.now() + leaseMs);
      const due = await store.takeDue(new Date(world.now()), dueAt, limit);
      const left = due.filter(({ id }) => holds.get(id) === undefined);
      const taken = left.filter((item) => this.#house.takeUp(item, dueAt));
      if (taken.length > 0) events.recovered?.(taken.length);
      isMore = due.length === limit && taken.length === left.length;
      if (taken.length === left.length) continue;
      const held = new Set(taken);
      await store.pushDue(
        left.filter((item) => !held.has(item)).map(({ id }) => id),
        new Date(world.now()),
      );
    }
  }
}
