import { batch } from '../../platform/batch.ts';
import { inBatches } from '../../platform/collections.ts';
import { Unavailable } from '../../platform/errors.ts';
import { currentSpan } from '../../platform/telemetry/trace.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Saga } from '../table.ts';
import { Availability } from './availability.ts';
import { Canceler } from './canceler.ts';
import { Leases } from './leases.ts';
import { type EngineLimits, usualLimits } from './limits.ts';
import type { Observer } from './observer.ts';
import { Recovery } from './recovery.ts';
import type { Action, StepContext } from './steps.ts';
import type { Answer, Cancellation, Instance, SagaStore } from './store.ts';
import { Worker } from './worker.ts';

/** How long `stop` waits for an unavailable store. */
const giveUpMs = 3_000;

export interface EngineParts<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /** The prefix of span attributes: `booking` makes `booking.id`. */
  readonly name?: string;
  readonly saga: Saga<Name>;
  readonly store: SagaStore<Name, Item, Draft, Said>;
  readonly world: World;
  /** The implementation of each action in the table. */
  readonly actions: Readonly<Record<string, Action<Item, Said>>>;
  /** True for bulk work, which gets half the lanes. By default no instance is bulk work. */
  readonly isBulk?: (item: Item) => boolean;
  readonly limits?: Partial<EngineLimits>;
  readonly observer?: Observer<Item>;
}

/** The number of instances of one kind (regular or bulk) that this process leases, and the limit. */
export interface Leased {
  readonly count: number;
  readonly limit: number;
}

/**
 * Runs sagas in batches. All instances that wait in a state form the next batch of that state's action, and move to the
 * next state together. Several engines may share one store: running an instance twice does no harm, because the store
 * moves an instance only from the state that the engine expects.
 *
 * The worker runs leased instances. The canceler and the recovery hand further instances to the worker.
 */
export class Engine<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #worker: Worker<Name, Item, Draft, Said>;
  readonly #canceler: Canceler<Name, Item, Draft, Said>;
  readonly #recovery: Recovery<Name, Item, Draft, Said>;
  readonly #insert: (draft: Draft) => Promise<Item | undefined>;

  constructor(parts: EngineParts<Name, Item, Draft, Said>) {
    const { world, isBulk = () => false } = parts;
    this.#limits = { ...usualLimits, ...parts.limits };
    this.#context = contextOf(parts, new Leases(isBulk));
    this.#worker = new Worker(this.#context, this.#limits, isBulk);
    this.#canceler = new Canceler(this.#context, this.#limits, this.#worker);
    this.#recovery = new Recovery(this.#context, this.#limits, this.#worker);
    this.#insert = batch(world, this.#limits.batches, (drafts) => this.#insertBatch(drafts), 'store');
  }

  /** Starts renewing leases and taking over due instances. */
  start(): void {
    this.#recovery.start();
  }

  /** The number of open instances that this process leases, and the limit, for each kind. */
  get leased(): { readonly regular: Leased; readonly bulk: Leased } {
    const { regular, bulk } = this.#context.leases;
    return { regular: { count: regular, limit: this.#limits.open }, bulk: { count: bulk, limit: this.#limits.bulk } };
  }

  /** The number of open instances that this process leases. */
  get open(): number {
    return this.#context.leases.regular + this.#context.leases.bulk;
  }

  /** The names of the unavailable participants; `store` is the engine's own store. */
  get away(): string[] {
    const all = [...this.#context.participants.values(), this.#context.own];
    return all.filter(({ isAway }) => isAway).map(({ name }) => name);
  }

  /**
   * Stores a new instance and runs it.
   * @returns the settled instance; after `waitMs` the instance as it was stored; undefined for a draft that was stored
   * before.
   * @throws Unavailable when this process has no room or is stopping, or the store is unavailable. Nothing was stored.
   * @throws OutcomeUnknown when the store did not reply. If the instance was stored, recovery runs it.
   */
  async create(draft: Draft, waitMs: number): Promise<Item | undefined> {
    if (this.#worker.isStopping) throw new Unavailable('this process is stopping');
    if (this.#worker.room <= 0) throw new Unavailable('this process has reached its limit of open instances');
    const askedAtMs = this.#context.world.now();
    const dueAt = this.#leaseEnd();
    const item = await this.#worker.reserve(() => this.#insert(draft));
    if (item === undefined) return undefined;
    this.#worker.run(item, dueAt, askedAtMs);
    this.#traceFor(item.id);
    return (await this.#worker.wait(item.id, waitMs)) ?? item;
  }

  /**
   * Waits for an instance to settle, in this process or another.
   * @returns the settled instance; after `waitMs` the instance as first read; undefined for an unknown id.
   */
  async settled(id: number, waitMs: number): Promise<Item | undefined> {
    const [item] = await this.#context.store.read([id]);
    if (item === undefined || !this.#isOpen(item)) return item;
    return (await this.#worker.wait(id, waitMs)) ?? item;
  }

  /**
   * Cancels an instance and compensates its steps. `by` is the id of the person who cancels.
   * @returns the settled instance; after `waitMs` the instance as it was canceled; undefined for an unknown id.
   * @throws Unavailable when the engine is stopping or the store is unavailable. This call canceled nothing.
   * @throws OutcomeUnknown when the store did not reply. If the instance was canceled, recovery compensates it.
   */
  async cancel(id: number, reason: string, waitMs: number, by?: number): Promise<Item | undefined> {
    if (this.#worker.isStopping) throw new Unavailable('this process is stopping');
    const canceled = await this.#canceler.cancel({ id, reason, by });
    this.#traceFor(id);
    if (canceled === undefined) return this.settled(id, waitMs);
    if (!this.#isOpen(canceled)) return canceled;
    return (await this.#worker.wait(id, waitMs)) ?? canceled;
  }

  /**
   * Cancels bulk work once the bulk limit has room for it, and resolves before the canceled instances settle.
   * @returns the number of canceled instances; 0 when the engine is stopping. The others were canceled before, or can't
   * be canceled.
   */
  async cancelBulk(cancellations: readonly Cancellation[]): Promise<number> {
    return this.#canceler.cancelBulk(cancellations);
  }

  /** Rejects new instances, finishes the steps under way, and makes all open instances due for the next process. */
  async stop(): Promise<void> {
    const { world, store, participants, own, leases } = this.#context;
    this.#worker.stop();
    for (const participant of participants.values()) participant.stop();
    // If the store stays unavailable, instances become due only when their leases run out.
    const givingUp = world.later(giveUpMs, () => own.stop());
    await this.#recovery.stop();
    while (this.#worker.isBusy || this.#canceler.isBusy) await pause(world, 10);
    givingUp.cancel();
    own.stop();
    for (const ids of inBatches(leases.ids(), this.#limits.batches.maxBatch)) {
      await store.pushDue(ids, new Date(world.now()));
    }
  }

  /** Traces the steps of an instance in the trace of the current request. */
  #traceFor(id: number): void {
    const span = currentSpan();
    span?.setAttributes({ [`${this.#context.name}.id`]: id });
    this.#context.leases.runFor(id, span);
  }

  async #insertBatch(drafts: readonly Draft[]): Promise<(Item | undefined)[]> {
    const { store, world, observer } = this.#context;
    const stored = await store.insert(drafts, new Date(world.now()), this.#leaseEnd());
    observer.stored?.(stored.filter((item) => item !== undefined).length);
    return stored;
  }

  #isOpen({ state }: Item): boolean {
    return this.#context.saga.isOpen(state);
  }

  #leaseEnd(): Date {
    return new Date(this.#context.world.now() + this.#limits.leaseMs);
  }
}

function contextOf<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer>(
  { name = 'saga', saga, store, world, actions, observer = {} }: EngineParts<Name, Item, Draft, Said>,
  leases: Leases<Item>,
): StepContext<Name, Item, Draft, Said> {
  const availability = (participant: string) => new Availability(participant, world, observer);
  const names = new Set(Object.values(actions).map(({ participant }) => participant));
  const participants = new Map([...names].map((participant) => [participant, availability(participant)]));
  return { name, saga, store, world, actions, participants, own: availability('store'), observer, leases };
}
