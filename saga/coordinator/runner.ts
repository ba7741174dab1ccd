import type { Lanes } from '../../platform/batch.ts';
import { within } from '../../platform/telemetry/trace.ts';
import { Stopped } from './availability.ts';
import { Holds } from './leases.ts';
import { Lookout } from './poller.ts';
import { StepQueues } from './queues.ts';
import { type Failed, type Outcome, type StepContext, step } from './steps.ts';
import type { Answer, Instance } from './store.ts';
import { Waiters } from './waiters.ts';

/** How long an instance that failed alone is left alone, at first and at most, in milliseconds. */
const shortestBackOffMs = 500;
const longestBackOffMs = 30_000;

/**
 * Runs the instances that this process holds, from state to state, and answers those who wait for them. Whoever else
 * runs the same instances is not its concern: it goes on only with what the store says that it moved.
 */
export class Runner<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly holds: Holds<Item>;
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #queues: StepQueues<Name, Item>;
  readonly #waiters: Waiters<Item>;
  readonly #lookout: Lookout<Item>;
  #underWay = 0;
  #isStopping = false;

  constructor(context: StepContext<Name, Item, Draft, Said>, sets: Lanes, isMass: (item: Item) => boolean) {
    const { world, saga } = context;
    this.holds = new Holds(isMass);
    this.#context = { ...context, spanOf: (id) => this.holds.spanOf(id) };
    this.#queues = new StepQueues({
      world,
      states: saga.open,
      sets,
      isMass,
      isAnyoneElseThere: () => this.holds.sizes.live > 0,
      run: (state, set) => this.#run(state, set),
    });
    this.#waiters = new Waiters(world);
    this.#lookout = new Lookout(world, {
      read: (ids) => this.#readAgain(ids),
      isAwaited: (id) => this.#waiters.has(id) && this.holds.get(id) === undefined,
      seen: (item) => this.#settle(item),
    });
  }

  /** Whether a step of a set is under way. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Sends away those who wait, and begins no further step. */
  stop(): void {
    this.#isStopping = true;
    this.#waiters.release();
  }

  /** Runs an instance, open since `sinceMs`, that is this process's own until `dueAt`. */
  takeUp(item: Item, dueAt: Date, sinceMs = item.openSince?.getTime() ?? this.#context.world.now()): void {
    const isNew = this.holds.get(item.id) === undefined;
    this.holds.hold(item, dueAt.getTime(), sinceMs);
    if (isNew && !this.#settle(item)) this.#queues.push(item);
    if (!isNew) this.#advance(item);
  }

  /** Resolves with an instance when it has settled, or with nothing after `waitMs` or at the end. */
  async wait(id: number, waitMs: number): Promise<Item | undefined> {
    if (this.#isStopping || waitMs <= 0) return undefined;
    const settled = this.#waiters.wait(id, waitMs);
    if (this.holds.get(id) === undefined) this.#lookout.watch(id);
    return settled;
  }

  async #run(state: Name, set: readonly Item[]): Promise<void> {
    // What a cancellation has moved on since it was queued is run in its new state.
    const current = set.filter((item) => this.holds.get(item.id) === item);
    if (current.length === 0 || this.#isStopping) return;
    this.#underWay += 1;
    try {
      await this.#goOn(state, await step(this.#context, state, current));
    } catch (error) {
      if (error instanceof Stopped) return;
      // Whatever it was: nobody runs these here any more, so that they fall due, and are taken up like any other.
      for (const item of current) this.#leave(item);
      this.#context.events.failed?.(error);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #goOn(state: Name, { moved, lost, failed }: Outcome<Item>): Promise<void> {
    for (const item of moved) if (this.holds.get(item.id) !== undefined) this.#advance(item);
    for (const item of lost) this.#leave(item);
    if (failed.length > 0) await this.#postpone(state, failed);
  }

  /** Leaves alone what failed by itself; whoever is there when it is due tries again. */
  async #postpone(state: Name, failed: readonly Failed<Item>[]): Promise<void> {
    const { store, own, world, events } = this.#context;
    const setbacks = failed.map(({ item, error }) => {
      const backOffMs = Math.min(longestBackOffMs, shortestBackOffMs * 2 ** Math.min(item.attempts, 10));
      within(this.holds.spanOf(item.id), () => events.stuck?.(item.id, state, item.attempts + 1, error));
      return { id: item.id, dueAt: new Date(world.now() + backOffMs), error: inWords(error) };
    });
    await own.ask(() => store.postpone(state, setbacks));
    for (const { item } of failed) this.#leave(item);
  }

  /** Lets go of an instance that someone else runs, or will, and looks at it from afar for those who wait here. */
  #leave(item: Item): void {
    if (this.holds.get(item.id) !== item) return;
    this.holds.drop(item.id);
    if (this.#waiters.has(item.id)) this.#lookout.watch(item.id);
  }

  /** Goes on with what this process holds, unless it already knows a later state. */
  #advance(item: Item): void {
    const { rank } = this.#context.saga;
    const known = this.holds.get(item.id);
    if (known !== undefined && rank(known.state) >= rank(item.state)) return;
    if (this.#settle(item)) return;
    this.holds.replace(item);
    this.#queues.push(item);
  }

  /** Tells those who wait for it that an instance has settled; answers whether it has. */
  #settle(item: Item): boolean {
    if (this.isOpen(item)) return false;
    const { world, events } = this.#context;
    const sinceMs = this.holds.sinceOf(item.id);
    // Clocks of two processes differ, and one that was taken up became open by another's.
    if (sinceMs !== undefined) events.settled?.(item, Math.max(0, world.now() - sinceMs));
    this.holds.drop(item.id);
    this.#waiters.settle(item);
    return true;
  }

  async #readAgain(ids: readonly number[]): Promise<Item[]> {
    return this.#context.store.read(ids).catch((error) => {
      this.#context.events.failed?.(error);
      return [];
    });
  }

  /** Whether something remains to be done. */
  isOpen(item: Item): boolean {
    return this.#context.saga.isOpen(item.state);
  }
}

/** A text that a database takes: an error may quote what another side sent, and PostgreSQL stores no NUL. */
function inWords(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll('\0', '').toWellFormed();
}
