import { BatchQueue, type Lanes } from '../../platform/batch.ts';
import { within } from '../../platform/telemetry/trace.ts';
import { pause } from '../../platform/world.ts';
import { Stopped } from './availability.ts';
import type { EngineLimits } from './limits.ts';
import { type Failed, type Outcome, type StepContext, step } from './steps.ts';
import type { Answer, Instance } from './store.ts';
import { Poller, Waiters } from './waiters.ts';

/** The shortest back-off of an instance whose step failed. */
const shortestBackOffMs = 500;
/** The longest back-off of an instance whose step failed. */
const longestBackOffMs = 30_000;

/**
 * While other instances are leased, a bulk lane pauses after each batch for this many times the duration of the batch.
 * With half the lanes and no pause, other bookings ran at 0.4 of their usual rate while 100,000 bookings of one event
 * were canceled: bulk batches are always full, while other batches hold only the few bookings that are waiting.
 */
const restFactor = 2;
/**
 * The longest pause of a bulk lane. Only a batch that waited for an unavailable participant would lead to a longer one.
 */
const longestRestMs = 1_000;

/** The queues of one state. */
interface Queues<Item> {
  readonly regular: BatchQueue<Item>;
  /** Bulk work, with half the lanes and with pauses between batches, so that it does not slow down other work. */
  readonly bulk: BatchQueue<Item>;
  /** Instances whose step has failed, in batches of one: in larger batches they would make the others fail. */
  readonly alone: BatchQueue<Item>;
}

/**
 * Runs the leased instances from state to state until they settle, and then resolves the waits of their callers.
 * Another process may run the same instances, so the worker continues only with rows that the store returns as moved.
 */
export class Worker<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #isBulk: (item: Item) => boolean;
  readonly #queues: ReadonlyMap<Name, Queues<Item>>;
  readonly #waiters: Waiters<Item>;
  readonly #poller: Poller<Name, Item, Draft, Said>;
  #reserved = 0;
  #underWay = 0;
  #isStopping = false;

  constructor(context: StepContext<Name, Item, Draft, Said>, limits: EngineLimits, isBulk: (item: Item) => boolean) {
    this.#context = context;
    this.#limits = limits;
    this.#isBulk = isBulk;
    this.#queues = new Map(context.saga.open.map((state) => [state, this.#queuesOf(state, limits.batches)]));
    this.#waiters = new Waiters(context.world);
    this.#poller = new Poller(context, this.#waiters);
  }

  /** True while an insertion or a step is under way. */
  get isBusy(): boolean {
    return this.#underWay + this.#reserved > 0;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** How many more instances may be leased, bulk work excluded. */
  get room(): number {
    return this.#limits.open - this.#context.leases.regular - this.#reserved;
  }

  get bulkRoom(): number {
    return this.#limits.bulk - this.#context.leases.bulk;
  }

  /** Ends all waits of callers. After this, no further step starts. */
  stop(): void {
    this.#isStopping = true;
    this.#waiters.release();
  }

  /** Reserves room for one instance while it is stored. */
  reserve<Result>(store: () => Promise<Result>): Promise<Result> {
    this.#reserved += 1;
    return store().finally(() => {
      this.#reserved -= 1;
    });
  }

  /** Runs an instance that is leased until `dueAt`. `sinceMs` is when the instance became open. */
  run(item: Item, dueAt: Date, sinceMs = item.openSince?.getTime() ?? this.#context.world.now()): void {
    const { leases } = this.#context;
    const isNew = leases.get(item.id) === undefined;
    leases.add(item, dueAt.getTime(), sinceMs);
    if (isNew && !this.#settle(item)) this.#push(item);
    if (!isNew) this.#advance(item);
  }

  /** Runs an instance if it is leased already or this process has room. @returns whether the instance runs. */
  runIfRoom(item: Item, dueAt: Date): boolean {
    const isFull = (this.#isBulk(item) ? this.bulkRoom : this.room) <= 0;
    if (isFull && this.#context.leases.get(item.id) === undefined) return false;
    this.run(item, dueAt);
    return true;
  }

  /** Resolves with the settled instance, or with undefined after `waitMs` or when the engine stops. */
  async wait(id: number, waitMs: number): Promise<Item | undefined> {
    if (this.#isStopping || waitMs <= 0) return undefined;
    const settled = this.#waiters.wait(id, waitMs);
    if (this.#context.leases.get(id) === undefined) this.#poller.watch(id);
    return settled;
  }

  #queuesOf(state: Name, { lanes, maxBatch }: Lanes): Queues<Item> {
    const { world } = this.#context;
    const runBatch = (batch: Item[]) => this.#runBatch(state, batch);
    const runAndRest = async (batch: Item[]) => {
      const beganMs = world.now();
      await this.#runBatch(state, batch);
      const restMs = Math.min(longestRestMs, (world.now() - beganMs) * restFactor);
      if (this.#context.leases.regular > 0) await pause(world, restMs);
    };
    return {
      regular: new BatchQueue<Item>(world, { lanes, maxBatch }, runBatch),
      bulk: new BatchQueue<Item>(world, { lanes: Math.max(1, lanes >> 1), maxBatch }, runAndRest),
      alone: new BatchQueue<Item>(world, { lanes: 1, maxBatch: 1 }, runBatch),
    };
  }

  #push(item: Item): void {
    const queues = this.#queues.get(item.state);
    if (item.attempts > 0) queues?.alone.push(item);
    else if (this.#isBulk(item)) queues?.bulk.push(item);
    else queues?.regular.push(item);
  }

  async #runBatch(state: Name, batch: readonly Item[]): Promise<void> {
    const { leases, observer } = this.#context;
    // A cancellation may have moved an instance after it was queued here, and has queued it again in its new state.
    const current = batch.filter((item) => leases.get(item.id) === item);
    if (current.length === 0 || this.#isStopping) return;
    this.#underWay += 1;
    try {
      await this.#goOn(state, await step(this.#context, state, current));
    } catch (error) {
      if (error instanceof Stopped) return;
      // Without a lease in this process, the instances become due, and recovery takes them over.
      for (const item of current) this.#leave(item);
      observer.failed?.(error);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #goOn(state: Name, { moved, lost, failed }: Outcome<Item>): Promise<void> {
    for (const item of moved) if (this.#context.leases.get(item.id) !== undefined) this.#advance(item);
    for (const item of lost) this.#leave(item);
    if (failed.length > 0) await this.#postpone(state, failed);
  }

  /** Stores when the failed instances are due again, and gives up their leases. */
  async #postpone(state: Name, failed: readonly Failed<Item>[]): Promise<void> {
    const { store, own, world, observer, leases } = this.#context;
    const setbacks = failed.map(({ item, error }) => {
      const backOffMs = Math.min(longestBackOffMs, shortestBackOffMs * 2 ** Math.min(item.attempts, 10));
      within(leases.spanOf(item.id), () => observer.stuck?.(item.id, state, item.attempts + 1, error));
      return { id: item.id, dueAt: new Date(world.now() + backOffMs), error: textOf(error) };
    });
    await own.ask(() => store.postpone(state, setbacks));
    for (const { item } of failed) this.#leave(item);
  }

  /** Gives up a lease, so that any process may take the instance over. The poller resolves the waits for it. */
  #leave(item: Item): void {
    const { leases } = this.#context;
    if (leases.get(item.id) !== item) return;
    leases.drop(item.id);
    if (this.#waiters.has(item.id)) this.#poller.watch(item.id);
  }

  /** Settles or queues the new version of a leased instance, unless a version at least as new is known. */
  #advance(item: Item): void {
    const { saga, leases } = this.#context;
    const known = leases.get(item.id);
    if (known !== undefined && saga.rank(known.state) >= saga.rank(item.state)) return;
    if (this.#settle(item)) return;
    leases.replace(item);
    this.#push(item);
  }

  /** Drops the lease of a settled instance and resolves the waits for it. @returns whether the instance is settled. */
  #settle(item: Item): boolean {
    const { saga, world, observer, leases } = this.#context;
    if (saga.isOpen(item.state)) return false;
    const sinceMs = leases.sinceOf(item.id);
    // The clock of the process that created the instance may be ahead of this one.
    if (sinceMs !== undefined) observer.settled?.(item, Math.max(0, world.now() - sinceMs));
    leases.drop(item.id);
    this.#waiters.settle(item);
    return true;
  }
}

/** An error's text without NUL, which an error may quote from a reply and PostgreSQL can't store. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll('\0', '').toWellFormed();
}
