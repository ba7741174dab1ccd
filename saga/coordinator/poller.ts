import { apart } from '../../platform/telemetry/trace.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Instance } from './store.ts';

const shortestPauseMs = 25;
const longestPauseMs = 500;

/** What a lookout asks of its engine. */
export interface LookoutView<Item extends Instance> {
  /** Reads instances again; none where that fails, for whoever waits has a time limit. */
  read(ids: readonly number[]): Promise<Item[]>;
  /** Whether someone still waits here for an instance that is not run here. */
  isAwaited(id: number): boolean;
  /** Tells what was seen of an instance; answers whether it has settled. */
  seen(item: Item): boolean;
}

/** Reads again, by sets and ever more rarely, the instances that someone waits for here and someone else runs. */
export class Lookout<Item extends Instance> {
  readonly #world: World;
  readonly #view: LookoutView<Item>;
  readonly #ids = new Set<number>();
  #isLooking = false;

  constructor(world: World, view: LookoutView<Item>) {
    this.#world = world;
    this.#view = view;
  }

  watch(id: number): void {
    this.#ids.add(id);
    // Others will wait here as well: it is no part of what the first of them asked for.
    if (!this.#isLooking) void apart(() => this.#look());
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      for (const id of this.#ids) if (!this.#view.isAwaited(id)) this.#ids.delete(id);
      if (this.#ids.size === 0) break;
      for (const item of await this.#view.read([...this.#ids])) {
        if (this.#view.seen(item)) this.#ids.delete(item.id);
      }
      await pause(this.#world, pauseMs);
    }
    this.#isLooking = false;
  }
}
