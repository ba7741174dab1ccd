import { Unavailable } from '../../platform/errors.ts';
import type { Timer, World } from '../../platform/world.ts';
import type { EngineEvents } from './observer.ts';

/** The engine stops: what was asked is not answered any more, and not lost either. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** Who is told of a participant's coming and going. */
export type ParticipantWatch = Pick<EngineEvents, 'away' | 'unanswered'>;

/** How long a participant that went away is left alone, at first and at most, in milliseconds. */
const shortestPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * The way to someone who may be away. While everything is well, questions pass. When one gets no answer
 * (`Unavailable`), all that come after it wait; after a pause one of them is let through as a probe, and its answer
 * opens the way for all. An unanswered question is asked again, for ever: an unanswered payment can't be given up.
 */
export class Participant {
  readonly name: string;
  readonly #world: World;
  readonly #watch: ParticipantWatch;
  #pauseMs = 0;
  #timer: Timer | undefined;
  #mayProbe = false;
  #stopped = false;
  #waiting: (() => void)[] = [];

  constructor(name: string, world: World, watch: ParticipantWatch = {}) {
    this.name = name;
    this.#world = world;
    this.#watch = watch;
  }

  get isAway(): boolean {
    return this.#pauseMs > 0;
  }

  /**
   * Asks until there is an answer.
   * @throws whatever the question throws, unless that is `Unavailable`; Stopped when the engine stops.
   */
  async ask<Result>(question: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const isProbe = await this.#passage();
      try {
        const result = await question();
        this.#back();
        return result;
      } catch (error) {
        if (!(error instanceof Unavailable)) {
          this.#back();
          throw error;
        }
        this.#watch.unanswered?.(this.name);
        this.#left(isProbe, error);
      }
    }
  }

  /** Sends away whoever waits, and lets nobody through from now on. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#letGo();
  }

  /** Waits until a question may pass; tells whether it is the probe. */
  async #passage(): Promise<boolean> {
    for (;;) {
      if (this.#stopped) throw new Stopped(`${this.name} is not asked any more`);
      if (!this.isAway) return false;
      if (this.#mayProbe) {
        this.#mayProbe = false;
        return true;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #left(isProbe: boolean, error: unknown): void {
    // Questions that were under way when the first of them failed change nothing: the pause has begun.
    if (this.isAway && !isProbe) return;
    if (!this.isAway) this.#watch.away?.(this.name, true, error);
    this.#pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, this.#pauseMs * 2));
    this.#timer?.cancel();
    this.#timer = this.#world.later(this.#pauseMs * (0.5 + this.#world.random() / 2), () => {
      this.#mayProbe = true;
      this.#waiting.shift()?.();
    });
  }

  #back(): void {
    if (!this.isAway) return;
    this.#timer?.cancel();
    this.#pauseMs = 0;
    this.#mayProbe = false;
    this.#watch.away?.(this.name, false);
    this.#letGo();
  }

  #letGo(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
