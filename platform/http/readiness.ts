import type { World } from '../world.ts';

/** The maximum time that a stopping process waits for a readiness probe, in milliseconds. */
const unheardMs = 1_000;

/** Whether a process accepts requests. Load balancers learn this from `/ready`. */
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
   * Reports "not ready" from now on, and resolves after `drainMs`. This time begins with the first probe, because until
   * then the load balancer keeps sending requests. If no probe arrives within a second, it begins then.
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
