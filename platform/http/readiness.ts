import type { World } from '../world.ts';

/** How long an ending process waits for anyone to ask whether it is ready, in milliseconds. */
const unheardMs = 1_000;

/** Whether a process takes requests, as `/ready` tells whoever leads them there. */
export class Readiness {
  readonly #world: World;
  #isEnding = false;
  readonly #heard = Promise.withResolvers<void>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What `/ready` answers. */
  ask(): boolean {
    if (this.#isEnding) this.#heard.resolve();
    return !this.#isEnding;
  }

  /**
   * From now on it is not ready. Resolves when it has gone on for `drainMs`, counted from when the first was told so,
   * because until then they send requests as before; after a second without anyone asking it is counted from there.
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
