import { batch, batchEach, type Lanes } from '../../platform/batch.ts';
import { entry, inBatches } from '../../platform/collections.ts';
import { Unavailable } from '../../platform/errors.ts';
import { currentSpan } from '../../platform/telemetry/trace.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Saga } from '../table.ts';
import { Participant } from './availability.ts';
import type { EngineEvents } from './observer.ts';
import { Housekeeping } from './recovery.ts';
import { Runner } from './runner.ts';
import type { Action, StepContext } from './steps.ts';
import type { Answer, Cancellation, Instance, SagaStore } from './store.ts';

/** Limits of an engine. */
export interface EngineLimits {
  /** How many open instances this process holds at most, recovered ones included. */
  readonly open: number;
  /** The same for those that come in masses: they have a bound of their own, and keep nobody out. */
  readonly mass: number;
  /** The sets of each state, and of new instances. */
  readonly sets: Lanes;
  /** For how long an instance is this process's own before anyone may take it up, in milliseconds. */
  readonly leaseMs: number;
}

export const usualLimits: EngineLimits = {
  open: 10_000,
  mass: 2_000,
  sets: { lanes: 2, maxBatch: 500 },
  leaseMs: 5_000,
};

/** For how long an orderly end waits for a store that is away, in milliseconds. */
const giveUpMs = 3_000;

/** What an engine is made of. */
export interface EngineParts<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /** What an instance is called in traces. */
  readonly name?: string;
  readonly saga: Saga<Name>;
  readonly store: SagaStore<Name, Item, Draft, Said>;
  readonly world: World;
  /** How each action of the table is carried out. */
  readonly actions: Readonly<Record<string, Action<Item, Said>>>;
  /** Tells the instances that come in masses and may take their time. Without it there are none. */
  readonly isMass?: (item: Item) => boolean;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: EngineEvents<Item>;
}

/**
 * Runs sagas by sets. All instances that wait in a state form the next set of its action, and go on to the next state
 * together. It knows neither what they are about nor who else runs them: running one twice is harmless, because the
 * store moves an instance only from the state it was expected in.
 */
export class Engine<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #runner: Runner<Name, Item, Draft, Said>;
  readonly #housekeeping: Housekeeping<Item>;
  readonly #insert: (draft: Draft) => Promise<Item | undefined>;
  readonly #cancel: (cancellation: Cancellation) => Promise<Item | undefined>;
  readonly #isMass: (item: Item) => boolean;
  #inserting = 0;
  #canceling = 0;
  #isStopping = false;

  constructor(parts: EngineParts<Name, Item, Draft, Said>) {
    const { name = 'saga', saga, store, world, actions, limits, events = {}, isMass = () => false } = parts;
    this.#limits = { ...usualLimits, ...limits };
    const wayTo = (name: string) => new Participant(name, world, events);
    const names = new Set(Object.values(actions).map(({ participant }) => participant));
    const participants = new Map([...names].map((name) => [name, wayTo(name)]));
    this.#context = { name, saga, store, world, actions, participants, own: wayTo('store'), events };
    const { sets } = this.#limits;
    this.#isMass = isMass;
    this.#runner = new Runner(this.#context, sets, isMass);
    this.#housekeeping = new Housekeeping({
      world,
      store,
      events,
      holds: this.#runner.holds,
      leaseMs: this.#limits.leaseMs,
      maxBatch: sets.maxBatch,
      room: () => this.#room().live,
      takeUp: (item, dueAt) => this.#takeUp(item, dueAt),
    });
    this.#insert = batch(world, sets, (drafts) => this.#insertSet(drafts), 'store');
    this.#cancel = batchEach(world, sets, (cancellations) => this.#cancelSet(cancellations), 'cancel');
  }

  /** Begins to look for instances that someone left behind, and to keep its own. */
  start(): void {
    this.#housekeeping.start();
  }

  /** How many open instances this process holds. */
  get open(): number {
    const { live, mass } = this.#runner.holds.sizes;
    return live + mass;
  }

  /** The same by kind, and how many of each there may be. */
  get held(): Readonly<Record<'live' | 'mass', { readonly count: number; readonly limit: number }>> {
    const { live, mass } = this.#runner.holds.sizes;
    return { live: { count: live, limit: this.#limits.open }, mass: { count: mass, limit: this.#limits.mass } };
  }

  /** The names of the participants that are away. */
  get away(): string[] {
    const all = [...this.#context.participants.values(), this.#context.own];
    return all.filter(({ isAway }) => isAway).map(({ name }) => name);
  }

  /**
   * Stores a new instance and runs it.
   * @returns the settled instance; or, when that takes longer than `waitMs`, the instance as it was stored; or nothing
   * for a draft that was stored before: then nothing is stored.
   * @throws Unavailable when too many are open here, or the engine stops: then nothing was stored.
   * @throws OutcomeUnknown when it is not known whether it was stored; if it was, it will be run.
   */
  async create(draft: Draft, waitMs: number): Promise<Item | undefined> {
    if (this.#isStopping) throw new Unavailable('this process is about to end');
    if (this.#room().live <= 0) throw new Unavailable('too many are under way');
    this.#inserting += 1;
    const askedAtMs = this.#context.world.now();
    const dueAt = this.#lease();
    const item = await this.#insert(draft).finally(() => {
      this.#inserting -= 1;
    });
    if (item === undefined) return undefined;
    this.#runner.takeUp(item, dueAt, askedAtMs);
    this.#runFor(item.id);
    return (await this.#runner.wait(item.id, waitMs)) ?? item;
  }

  /** Answers an instance when it has settled, whoever runs it, or as it stands after `waitMs`; nothing without one. */
  async settled(id: number, waitMs: number): Promise<Item | undefined> {
    const [item] = await this.#context.store.read([id]);
    if (item === undefined || !this.#runner.isOpen(item)) return item;
    return (await this.#runner.wait(id, waitMs)) ?? item;
  }

  /**
   * Cancels an instance in whatever state it is, and undoes what was done. `by` says who wanted it.
   * @returns it when it has settled, or as it stands after `waitMs`; nothing when there is no such instance.
   * @throws Unavailable when the engine stops, or the store is away: then this did not cancel it.
   * @throws OutcomeUnknown when it is not known whether it was canceled; if it was, it will be undone.
   */
  async cancel(id: number, reason: string, waitMs: number, by?: number): Promise<Item | undefined> {
    if (this.#isStopping) throw new Unavailable('this process is about to end');
    this.#canceling += 1;
    const canceled = await this.#cancel({ id, reason, by }).finally(() => {
      this.#canceling -= 1;
    });
    this.#runFor(id);
    if (canceled === undefined) return this.settled(id, waitMs);
    if (!this.#runner.isOpen(canceled)) return canceled;
    return (await this.#runner.wait(id, waitMs)) ?? canceled;
  }

  /**
   * Cancels a set that comes in a mass, once there is room for it; resolves when it is under way.
   * @returns how many of the set were canceled now: the others were canceled before, or can't be.
   */
  async cancelMass(cancellations: readonly Cancellation[]): Promise<number> {
    while (this.#room().mass < cancellations.length && this.#runner.holds.sizes.mass > 0 && !this.#isStopping) {
      await pause(this.#context.world, 20);
    }
    if (this.#isStopping) return 0;
    const dueAt = this.#lease();
    const canceled = await this.#context.store.cancel(cancellations, this.#now(), dueAt);
    for (const item of canceled) this.#runner.takeUp(item, dueAt);
    this.#tellCanceled(canceled);
    return canceled.length;
  }

  /** Takes in nothing new, ends what is under way, and leaves the rest to whoever comes next. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const { world, store, participants, own } = this.#context;
    this.#runner.stop();
    for (const participant of participants.values()) participant.stop();
    // A store that is away as well is not waited for: what could not be moved is due when its lease runs out.
    const givingUp = world.later(giveUpMs, () => own.stop());
    await this.#housekeeping.stop();
    while (this.#runner.isBusy || this.#inserting + this.#canceling > 0) await pause(world, 10);
    givingUp.cancel();
    own.stop();
    const { maxBatch } = this.#limits.sets;
    for (const ids of inBatches(this.#runner.holds.ids(), maxBatch)) await store.pushDue(ids, this.#now());
  }

  /** Notes for which request an instance is run, so that the trace of the one shows the steps of the other. */
  #runFor(id: number): void {
    const span = currentSpan();
    span?.set({ [`${this.#context.name}.id`]: id });
    this.#runner.holds.runFor(id, span);
  }

  async #insertSet(drafts: readonly Draft[]): Promise<(Item | undefined)[]> {
    const stored = await this.#context.store.insert(drafts, this.#now(), this.#lease());
    this.#context.events.stored?.(stored.filter((item) => item !== undefined).length);
    return stored;
  }

  #tellCanceled(canceled: readonly Item[]): void {
    for (const { id, state, cameFrom } of canceled) {
      if (cameFrom !== undefined) this.#context.events.moved?.(cameFrom, state, id);
    }
  }

  /** Each turn has an end of its own: what one has canceled stays so, whatever becomes of the next. */
  async #cancelSet(cancellations: readonly Cancellation[]): Promise<PromiseSettledResult<Item | undefined>[]> {
    const canceled = new Map<number, Item>();
    const failed = new Map<string, PromiseRejectedResult>();
    for (const turn of inTurns(cancellations)) {
      const left = turn.filter(({ id }) => !canceled.has(id));
      try {
        for (const item of await this.#cancelTurn(left)) canceled.set(item.id, item);
      } catch (reason) {
        for (const each of left) failed.set(nameOf(each), { status: 'rejected', reason });
      }
    }
    return cancellations.map((each) => {
      const value = canceled.get(each.id);
      return (value === undefined && failed.get(nameOf(each))) || { status: 'fulfilled', value };
    });
  }

  async #cancelTurn(cancellations: readonly Cancellation[]): Promise<readonly Item[]> {
    if (cancellations.length === 0) return [];
    // Without room for them here they are due at once, for whoever has some.
    const dueAt = this.#room().live > 0 ? this.#lease() : this.#now();
    const items = await this.#context.store.cancel(cancellations, this.#now(), dueAt);
    for (const item of items) this.#takeUp(item, dueAt);
    this.#tellCanceled(items);
    return items;
  }

  /** Runs an instance, unless this process is full of its kind and does not hold it yet; tells which. */
  #takeUp(item: Item, dueAt: Date): boolean {
    const { live, mass } = this.#room();
    const isFull = (this.#isMass(item) ? mass : live) <= 0;
    if (isFull && this.#runner.holds.get(item.id) === undefined) return false;
    this.#runner.takeUp(item, dueAt);
    return true;
  }

  /** How many more may be held of either kind. */
  #room(): { readonly live: number; readonly mass: number } {
    const { live, mass } = this.#runner.holds.sizes;
    return { live: this.#limits.open - live - this.#inserting, mass: this.#limits.mass - mass };
  }

  #now(): Date {
    return new Date(this.#context.world.now());
  }

  #lease(): Date {
    return new Date(this.#context.world.now() + this.#limits.leaseMs);
  }
}

/** Those who cancel the same one for the same reason are one. */
const nameOf = ({ id, reason }: Cancellation) => `${id} ${reason}`;

/**
 * Of several who cancel the same one the first does, with its reason; one who may not leaves it to the next who has
 * another reason.
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
