import { batchEach } from '../../platform/batch.ts';
import { entry } from '../../platform/collections.ts';
import { pause } from '../../platform/world.ts';
import type { EngineLimits } from './limits.ts';
import { reportBatch } from './observer.ts';
import type { StepContext } from './steps.ts';
import type { Answer, Cancellation, Instance } from './store.ts';
import type { Worker } from './worker.ts';

/** Cancels instances in batches, and hands them to the worker, which compensates their steps. */
export class Canceler<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #worker: Worker<Name, Item, Draft, Said>;
  readonly #cancel: (cancellation: Cancellation) => Promise<Item | undefined>;
  #underWay = 0;

  constructor(
    context: StepContext<Name, Item, Draft, Said>,
    limits: EngineLimits,
    worker: Worker<Name, Item, Draft, Said>,
  ) {
    this.#context = context;
    this.#limits = limits;
    this.#worker = worker;
    this.#cancel = batchEach(context.world, limits.batches, (all) => this.#cancelBatch(all), 'cancel');
  }

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** @returns the canceled instance; undefined when the instance can't be canceled. */
  cancel(cancellation: Cancellation): Promise<Item | undefined> {
    this.#underWay += 1;
    return this.#cancel(cancellation).finally(() => {
      this.#underWay -= 1;
    });
  }

  /** Cancels bulk work once the bulk limit has room for it. @returns the number of canceled instances. */
  async cancelBulk(cancellations: readonly Cancellation[]): Promise<number> {
    const { world, store, leases } = this.#context;
    while (this.#worker.bulkRoom < cancellations.length && leases.bulk > 0 && !this.#worker.isStopping) {
      await pause(world, 20);
    }
    if (this.#worker.isStopping) return 0;
    const nowMs = world.now();
    const dueAt = new Date(nowMs + this.#limits.leaseMs);
    const canceled = await store.cancel(cancellations, new Date(nowMs), dueAt);
    for (const item of canceled) this.#worker.run(item, dueAt);
    this.#report(canceled);
    return canceled.length;
  }

  /** Cancels a batch in turns. When a turn fails, the instances canceled by earlier turns stay canceled. */
  async #cancelBatch(cancellations: readonly Cancellation[]): Promise<PromiseSettledResult<Item | undefined>[]> {
    const canceled = new Map<number, Item>();
    const failed = new Map<string, PromiseRejectedResult>();
    for (const turn of inTurns(cancellations)) {
      const left = turn.filter(({ id }) => !canceled.has(id));
      try {
        for (const item of await this.#cancelTurn(left)) canceled.set(item.id, item);
      } catch (reason) {
        for (const each of left) failed.set(turnKeyOf(each), { status: 'rejected', reason });
      }
    }
    return cancellations.map((each) => {
      const value = canceled.get(each.id);
      return (value === undefined && failed.get(turnKeyOf(each))) || { status: 'fulfilled', value };
    });
  }

  async #cancelTurn(cancellations: readonly Cancellation[]): Promise<readonly Item[]> {
    if (cancellations.length === 0) return [];
    const { world, store } = this.#context;
    const nowMs = world.now();
    // Without room in this process, the canceled instances are due at once, so that another process takes them over.
    const dueAt = new Date(this.#worker.room > 0 ? nowMs + this.#limits.leaseMs : nowMs);
    const items = await store.cancel(cancellations, new Date(nowMs), dueAt);
    for (const item of items) this.#worker.runIfRoom(item, dueAt);
    this.#report(items);
    return items;
  }

  #report(canceled: readonly Item[]): void {
    for (const { id, state, cameFrom } of canceled) {
      if (cameFrom !== undefined) this.#context.observer.moved?.(cameFrom, state, id);
    }
    reportBatch(this.#context.observer, canceled, ({ cameFrom }) => cameFrom);
  }
}

/** Identifies equal cancellations: the same instance and the same reason. */
const turnKeyOf = ({ id, reason }: Cancellation) => `${id} ${reason}`;

/**
 * Divides a batch into turns, with at most one cancellation of each instance in a turn. The first cancellation of an
 * instance wins. If the store does not allow that one, the next turn tries the next reason.
 */
function inTurns(cancellations: readonly Cancellation[]): Cancellation[][] {
  const turns: Cancellation[][] = [];
  const tried = new Map<number, Set<string>>();
  for (const each of cancellations) {
    const reasons = entry(tried, each.id, () => new Set<string>());
    if (reasons.has(each.reason)) continue;
    const turn = turns[reasons.size] ?? [];
    turns[reasons.size] = turn;
    turn.push(each);
    reasons.add(each.reason);
  }
  return turns;
}
