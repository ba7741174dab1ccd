import { entry } from '../../platform/collections.ts';
import type { World } from '../../platform/world.ts';
import type { Instance } from './store.ts';

/** Those who wait for instances to settle, however many for one. */
export class Waiters<Item extends Instance> {
  readonly #world: World;
  readonly #waiting = new Map<number, Set<(item: Item | undefined) => void>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Resolves with the settled instance, or with nothing after `waitMs` or when all are sent away. */
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

  /** Sends everyone away without an answer, at once. */
  release(): void {
    for (const all of [...this.#waiting.values()]) for (const leave of [...all]) leave(undefined);
  }
}
