import type { World } from '../world.ts';

/** How long a stopping process waits for the first readiness probe, in milliseconds. */
const unheardMs = 1_000;

/** Whether a process accepts requests; load balancers read it from `/ready`. */
export class Readiness {
  readonly #world: World;
  #isEnding = false;
  readonly #heard = Promise.withResolvers<void>();

  constructor(world: World) {
    this.#world = world;
  }

  ask(): boolean {
    if (this.#isEnding) this.#heard.resolve();
    return !this.#isEnding;
  }

  /**
   * Reports not ready from now on, and resolves after `drainMs`. The time counts from the first probe that sees it: until
   * then the load balancer keeps sending requests. Without a probe it counts from one second on.
   */
  async drain(drainMs: number): Promise<void> {
    this.#isEnding = true;
    if (drainMs === 0) return;
    const unheard = this.#world.later(unheardMs, this.#heard.resolve);
    await this.#heard.promise;
    unheard.cancel();
    await new Promise<void>((resolve) => void this.#world.later(drainMs, resolve));
  }
}
