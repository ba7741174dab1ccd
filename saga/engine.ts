import { batch, type Lanes, SetQueue } from '../kit/batch.ts';
import { Unavailable } from '../kit/errors.ts';
import { pause, type World } from '../kit/world.ts';
import type { EngineEvents } from './events.ts';
import { Holds } from './holds.ts';
import { Housekeeping } from './housekeeping.ts';
import { Lookout } from './lookout.ts';
import { Participant, Stopped } from './participant.ts';
import { type Action, type Failed, type Outcome, type StepContext, step } from './steps.ts';
import type { Answer, Cancellation, Instance, SagaStore } from './store.ts';
import type { Saga } from './table.ts';
import { Waiters } from './waiters.ts';

/** Limits of an engine. */
export interface EngineLimits {
  /** How many open instances this process holds at most, recovered ones included. */
  readonly open: number;
  /** The sets of each state, and of new instances. */
  readonly sets: Lanes;
  /** For how long an instance is this process's own before anyone may take it up, in milliseconds. */
  readonly leaseMs: number;
}

export const usualLimits: EngineLimits = { open: 10_000, sets: { lanes: 2, maxSet: 500 }, leaseMs: 5_000 };

/** What an engine is made of. */
export interface EngineParts<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly saga: Saga<Name>;
  readonly store: SagaStore<Name, Item, Draft, Said>;
  readonly world: World;
  /** How each action of the table is carried out. */
  readonly actions: Readonly<Record<string, Action<Item, Said>>>;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: EngineEvents;
}

/** How long an instance that failed alone is left alone, at first and at most, in milliseconds. */
const shortestBackOffMs = 500;
const longestBackOffMs = 30_000;

/**
 * Runs sagas by sets. All instances that wait in a state form the next set of its action, and go on to the next state
 * together. It knows neither what they are about nor who else runs them: running one twice is harmless, because the
 * store moves an instance only from the state it was expected in.
 */
export class Engine<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #limits: EngineLimits;
  readonly #holds = new Holds<Item>();
  readonly #queues = new Map<Name, { together: SetQueue<Item>; alone: SetQueue<Item> }>();
  readonly #waiters: Waiters<Item>;
  readonly #lookout: Lookout<Item>;
  readonly #housekeeping: Housekeeping<Item>;
  readonly #insert: (draft: Draft) => Promise<Item>;
  readonly #cancel: (cancellation: Cancellation) => Promise<Item | undefined>;
  #inserting = 0;
  #underWay = 0;
  #isStopping = false;

  constructor({ saga, store, world, actions, limits, events = {} }: EngineParts<Name, Item, Draft, Said>) {
    this.#limits = { ...usualLimits, ...limits };
    const wayTo = (name: string) => new Participant(name, world, (away, error) => events.away?.(name, away, error));
    const names = new Set(Object.values(actions).map(({ participant }) => participant));
    const participants = new Map([...names].map((name) => [name, wayTo(name)]));
    this.#context = { saga, store, world, actions, participants, own: wayTo('store'), events };
    const { sets } = this.#limits;
    for (const state of saga.open) {
      const run = (set: Item[]) => this.#run(state, set);
      const alone = { lanes: 1, maxSet: 1 };
      this.#queues.set(state, { together: new SetQueue(world, sets, run), alone: new SetQueue(world, alone, run) });
    }
    this.#waiters = new Waiters(world);
    this.#lookout = new Lookout(world, {
      read: (ids) => this.#readAgain(ids),
      isAwaited: (id) => this.#waiters.has(id) && this.#holds.get(id) === undefined,
      seen: (item) => this.#settle(item),
    });
    this.#housekeeping = new Housekeeping({
      world,
      store,
      events,
      holds: this.#holds,
      leaseMs: this.#limits.leaseMs,
      room: () => Math.min(sets.maxSet, this.#room()),
      takeUp: (item, dueAt) => this.#takeUp(item, dueAt),
    });
    this.#insert = batch(world, sets, (drafts) => store.insert(drafts, this.#now(), this.#lease()));
    this.#cancel = batch(world, sets, (cancellations) => this.#cancelSet(cancellations));
  }

  /** Begins to look for instances that someone left behind, and to keep its own. */
  start(): void {
    void this.#housekeeping.start();
  }

  /** How many open instances this process holds. */
  get open(): number {
    return this.#holds.size;
  }

  /** The names of the participants that are away. */
  get away(): string[] {
    const all = [...this.#context.participants.values(), this.#context.own];
    return all.filter(({ isAway }) => isAway).map(({ name }) => name);
  }

  /**
   * Stores a new instance and runs it.
   * @returns the settled instance; or, when that takes longer than `waitMs`, the instance as it was stored.
   * @throws Unavailable when too many are open here, or the engine stops: then nothing was stored.
   * @throws OutcomeUnknown when it is not known whether it was stored; if it was, it will be run.
   */
  async create(draft: Draft, waitMs: number): Promise<Item> {
    if (this.#isStopping) throw new Unavailable('this process is about to end');
    if (this.#room() <= 0) throw new Unavailable('too many are under way');
    this.#inserting += 1;
    const dueAt = this.#lease();
    const item = await this.#insert(draft).finally(() => {
      this.#inserting -= 1;
    });
    this.#takeUp(item, dueAt);
    return (await this.#wait(item.id, waitMs)) ?? item;
  }

  /**
   * Cancels an instance in whatever state it is, and undoes what was done.
   * @returns it when it has settled, or as it stands after `waitMs`; nothing when there is no such instance.
   */
  async cancel(id: number, reason: string, waitMs: number): Promise<Item | undefined> {
    if (this.#isStopping) throw new Unavailable('this process is about to end');
    const dueAt = this.#lease();
    const canceled = await this.#cancel({ id, reason });
    if (canceled !== undefined) this.#takeUp(canceled, dueAt);
    const item = canceled ?? (await this.#context.store.read([id]))[0];
    if (item === undefined || !this.#isOpen(item)) return item;
    return (await this.#wait(id, waitMs)) ?? item;
  }

  /** Takes in nothing new, ends what is under way, and leaves the rest to whoever comes next. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#housekeeping.stop();
    this.#waiters.release();
    for (const participant of this.#context.participants.values()) participant.stop();
    while (this.#underWay > 0 || this.#inserting > 0) await pause(this.#context.world, 10);
    this.#context.own.stop();
    const ids = this.#holds.ids();
    if (ids.length > 0) await this.#context.store.pushDue(ids, this.#now());
  }

  async #run(state: Name, set: readonly Item[]): Promise<void> {
    // What a cancellation has moved on since it was queued is run in its new state.
    const current = set.filter((item) => this.#holds.get(item.id) === item);
    if (current.length === 0 || this.#isStopping) return;
    this.#underWay += 1;
    try {
      await this.#goOn(state, await step(this.#context, state, current));
    } catch (error) {
      if (!(error instanceof Stopped)) this.#context.events.failed?.(error);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #goOn(state: Name, { moved, lost, failed }: Outcome<Item>): Promise<void> {
    for (const item of moved) if (this.#holds.get(item.id) !== undefined) this.#advance(item);
    for (const item of lost) this.#leave(item);
    if (failed.length > 0) await this.#postpone(state, failed);
  }

  /** Leaves alone what failed by itself; whoever is there when it is due tries again. */
  async #postpone(state: Name, failed: readonly Failed<Item>[]): Promise<void> {
    const { store, own, world, events } = this.#context;
    const setbacks = failed.map(({ item, error }) => {
      const backOffMs = Math.min(longestBackOffMs, shortestBackOffMs * 2 ** Math.min(item.attempts, 10));
      events.stuck?.(item.id, state, item.attempts + 1, error);
      return { id: item.id, dueAt: new Date(world.now() + backOffMs), error: inWords(error) };
    });
    await own.ask(() => store.postpone(state, setbacks));
    for (const { item } of failed) this.#leave(item);
  }

  /** Lets go of an instance that someone else runs, or will, and looks at it from afar for those who wait here. */
  #leave(item: Item): void {
    if (this.#holds.get(item.id) !== item) return;
    this.#holds.drop(item.id);
    if (this.#waiters.has(item.id)) this.#lookout.watch(item.id);
  }

  /** Runs an instance that is this process's own until `dueAt`. */
  #takeUp(item: Item, dueAt: Date): void {
    const isNew = this.#holds.get(item.id) === undefined;
    this.#holds.hold(item, dueAt.getTime());
    if (isNew && !this.#settle(item)) this.#enqueue(item);
    if (!isNew) this.#advance(item);
  }

  /** Goes on with what this process holds, unless it already knows a later state. */
  #advance(item: Item): void {
    const { rank } = this.#context.saga;
    const known = this.#holds.get(item.id);
    if (known !== undefined && rank(known.state) >= rank(item.state)) return;
    if (this.#settle(item)) return;
    this.#holds.replace(item);
    this.#enqueue(item);
  }

  /** Tells those who wait for it that an instance has settled; answers whether it has. */
  #settle(item: Item): boolean {
    if (this.#isOpen(item)) return false;
    this.#holds.drop(item.id);
    this.#waiters.settle(item);
    return true;
  }

  #enqueue(item: Item): void {
    const queue = this.#queues.get(item.state);
    // A failed instance runs alone until it has moved: in a set it would make all the others fail with it.
    (item.attempts > 0 ? queue?.alone : queue?.together)?.push(item);
  }

  async #wait(id: number, waitMs: number): Promise<Item | undefined> {
    if (this.#isStopping || waitMs <= 0) return undefined;
    const settled = this.#waiters.wait(id, waitMs);
    if (this.#holds.get(id) === undefined) this.#lookout.watch(id);
    return settled;
  }

  async #cancelSet(cancellations: readonly Cancellation[]): Promise<(Item | undefined)[]> {
    const first = new Map(cancellations.map((each) => [each.id, each]));
    const canceled = await this.#context.store.cancel([...first.values()], this.#now(), this.#lease());
    const byId = new Map(canceled.map((item) => [item.id, item]));
    return cancellations.map(({ id }) => byId.get(id));
  }

  async #readAgain(ids: readonly number[]): Promise<Item[]> {
    return this.#context.store.read(ids).catch((error) => {
      this.#context.events.failed?.(error);
      return [];
    });
  }

  #room(): number {
    return this.#limits.open - this.#holds.size - this.#inserting;
  }

  #isOpen(item: Item): boolean {
    return this.#context.saga.table[item.state].action !== undefined;
  }

  #now(): Date {
    return new Date(this.#context.world.now());
  }

  #lease(): Date {
    return new Date(this.#context.world.now() + this.#limits.leaseMs);
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
