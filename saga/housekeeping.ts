import type { Timer, World } from '../kit/world.ts';
import type { EngineEvents } from './events.ts';
import type { Holds } from './holds.ts';
import type { Answer, Instance, SagaStore } from './store.ts';

/** What housekeeping asks of its engine. */
export interface House<Item extends Instance> {
  readonly world: World;
  readonly store: Pick<SagaStore<string, Item, never, Answer>, 'takeDue' | 'pushDue'>;
  readonly holds: Holds<Item>;
  readonly events: EngineEvents;
  readonly leaseMs: number;
  /** How many are taken up at once. */
  readonly maxSet: number;
  /** Whether one more of an instance's kind may be held. */
  hasRoom(item: Item): boolean;
  takeUp(item: Item, dueAt: Date): void;
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
  #isStopped = false;

  constructor(house: House<Item>) {
    this.#house = house;
  }

  /** Looks at once, and from then on about every second until `stop`. */
  async start(): Promise<void> {
    const { world, events } = this.#house;
    try {
      await this.#keep();
      await this.#recover();
    } catch (error) {
      events.failed?.(error);
    }
    if (!this.#isStopped) this.#timer = world.later(everyMs * (0.9 + world.random() / 5), () => void this.start());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  /** Renews the lease of what is held here and nearly due, so that nobody else takes it up. */
  async #keep(): Promise<void> {
    const { holds, store, world, leaseMs } = this.#house;
    const nearlyDue = holds.dueBefore(world.now() + leaseMs / 2);
    if (nearlyDue.length === 0) return;
    const dueAtMs = world.now() + leaseMs;
    await store.pushDue(nearlyDue, new Date(dueAtMs));
    holds.renew(nearlyDue, dueAtMs);
  }

  /** Takes up what is due and not held here, as long as there is room. What finds none is due again later. */
  async #recover(): Promise<void> {
    const { holds, store, world, leaseMs, maxSet, events } = this.#house;
    for (let isMore = true; isMore && !this.#isStopped; ) {
      const dueAt = new Date(world.now() + leaseMs);
      const due = await store.takeDue(new Date(world.now()), dueAt, maxSet);
      isMore = due.length === maxSet;
      let recovered = 0;
      for (const item of due) {
        if (holds.get(item.id) !== undefined) continue;
        isMore &&= this.#house.hasRoom(item);
        if (!this.#house.hasRoom(item)) continue;
        recovered += 1;
        this.#house.takeUp(item, dueAt);
      }
      if (recovered > 0) events.recovered?.(recovered);
    }
  }
}
