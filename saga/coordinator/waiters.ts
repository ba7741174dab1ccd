import { entry } from '../../platform/collections.ts';
import { apart } from '../../platform/telemetry/trace.ts';
import { pause, type World } from '../../platform/world.ts';
import type { StepContext } from './steps.ts';
import type { Answer, Instance } from './store.ts';

/** The callers that wait for instances to settle. Several may wait for one instance. */
export class Waiters<Item extends Instance> {
  readonly #world: World;
  readonly #waiting = new Map<number, Set<(item: Item | undefined) => void>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Resolves with the settled instance, or with undefined after `waitMs` or when `release` is called. */
  wait(id: number, waitMs: number): Promise<Item | undefined> {
    return new Promise((resolve) => {
      const all = entry(this.#waiting, id, () => new Set());
      const leave = (item: Item | undefined) => {
        timer.cancel();
        all.delete(leave);
        if (all.size === 0) this.#waiting.delete(id);
        resolve(item);
      };
      const timer = this.#world.later(waitMs, () => leave(undefined));
      all.add(leave);
    });
  }

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  settle(item: Item): void {
    for (const leave of [...(this.#waiting.get(item.id) ?? [])]) leave(item);
  }

  /** Ends every wait: each resolves with undefined. */
  release(): void {
    for (const all of [...this.#waiting.values()]) for (const leave of [...all]) leave(undefined);
  }
}

/** The shortest pause between two reads of the poller. */
const shortestPauseMs = 25;
/** The longest pause between two reads of the poller. */
const longestPauseMs = 500;

/** Polls the store, with growing pauses, for instances that callers here wait for and another process runs. */
export class Poller<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly #context: StepContext<Name, Item, Draft, Said>;
  readonly #waiters: Waiters<Item>;
  readonly #ids = new Set<number>();
  #isPolling = false;

  constructor(context: StepContext<Name, Item, Draft, Said>, waiters: Waiters<Item>) {
    this.#context = context;
    this.#waiters = waiters;
  }

  watch(id: number): void {
    this.#ids.add(id);
    // Polling serves many requests, so it belongs to no request's trace.
    if (!this.#isPolling) void apart(() => this.#poll());
  }

  async #poll(): Promise<void> {
    const { world, saga } = this.#context;
    this.#isPolling = true;
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      for (const id of this.#ids) if (!this.#isAwaited(id)) this.#ids.delete(id);
      if (this.#ids.size === 0) break;
      for (const item of await this.#read()) {
        if (saga.isOpen(item.state) || !this.#isAwaited(item.id)) continue;
        this.#ids.delete(item.id);
        this.#waiters.settle(item);
      }
      await pause(world, pauseMs);
    }
    this.#isPolling = false;
  }

  /**
   * Whether to poll an instance: a caller waits for it, and this process does not lease it. The worker settles a leased
   * instance, and a read of it may be out of date.
   */
  #isAwaited(id: number): boolean {
    return this.#waiters.has(id) && this.#context.leases.get(id) === undefined;
  }

  /** Reads the polled instances. After a failure the result is empty, and the next round reads again. */
  async #read(): Promise<Item[]> {
    const { store, observer } = this.#context;
    return store.read([...this.#ids]).catch((error) => {
      observer.failed?.(error);
      return [];
    });
  }
}
