import { inBatches } from '../../platform/collections.ts';
import type { Timer } from '../../platform/world.ts';
import type { EngineLimits } from './limits.ts';
import type { StepContext } from './steps.ts';
import type { Answer, Instance } from './store.ts';
import type { Worker } from './worker.ts';

/** The interval at which leases are renewed and due instances are taken over. */
const everyMs = 1_000;

/**
 * Renews the leases of this process, and takes over due instances: left open by a crash or a power cut, stored by a
 * call that got no reply, or due again after a back-off. Leases only avoid duplicate work: an instance that runs in two
 * processes does no harm.
 */
export class Recovery<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #worker: Worker<Name, Item, Draft, Said>;
  #timer: Timer | undefined;
  #round: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    context: StepContext<Name, Item, Draft, Said>,
    limits: EngineLimits,
    worker: Worker<Name, Item, Draft, Said>,
  ) {
    this.#context = context;
    this.#limits = limits;
    this.#worker = worker;
  }

  /** Runs a round at once, and then about every second until `stop`. */
  start(): void {
    const { world } = this.#context;
    this.#round = this.#makeRound().then(() => {
      if (!this.#isStopped) this.#timer = world.later(everyMs * (0.9 + world.random() / 5), () => this.start());
    });
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  /** Renews leases, and then takes over due instances, even if the renewal failed. */
  async #makeRound(): Promise<void> {
    await this.#renew().catch((error) => this.#context.observer.failed?.(error));
    await this.#takeOver().catch((error) => this.#context.observer.failed?.(error));
  }

  /** Renews leases in their second half. A row locked by another transaction is skipped until the next round. */
  async #renew(): Promise<void> {
    const { leases, store, world } = this.#context;
    const { leaseMs, batches } = this.#limits;
    const nearlyDue = leases.dueBefore(world.now() + leaseMs / 2);
    const dueAtMs = world.now() + leaseMs;
    for (const ids of inBatches(nearlyDue, batches.maxBatch)) {
      leases.renew(await store.pushDue(ids, new Date(dueAtMs)), dueAtMs);
    }
  }

  /** Takes over due instances while this process has room. The others stay due for another process. */
  async #takeOver(): Promise<void> {
    const { leases, store, world, observer } = this.#context;
    const { leaseMs, batches } = this.#limits;
    for (let isMore = true; isMore && !this.#isStopped; ) {
      const limit = Math.min(batches.maxBatch, this.#worker.room);
      if (limit <= 0) return;
      const dueAt = new Date(world.now() + leaseMs);
      const due = await store.takeDue(new Date(world.now()), dueAt, limit);
      const unleased = due.filter(({ id }) => leases.get(id) === undefined);
      const taken = new Set(unleased.filter((item) => this.#worker.runIfRoom(item, dueAt)));
      if (taken.size > 0) observer.recovered?.(taken.size);
      isMore = due.length === limit && taken.size === unleased.length;
      if (taken.size === unleased.length) continue;
      const left = unleased.filter((item) => !taken.has(item)).map(({ id }) => id);
      await store.pushDue(left, new Date(world.now()));
    }
  }
}
