import { Unavailable } from '../../platform/errors.ts';
import type { Timer, World } from '../../platform/world.ts';
import type { Observer } from './observer.ts';

/** Thrown when the engine stops before a call got a reply. The next process repeats the call. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** The shortest pause between two probes of an unavailable participant. */
const shortestPauseMs = 100;
/** The longest pause between two probes. */
const longestPauseMs = 2_000;

/**
 * A circuit breaker for calls to one participant. After a call without a reply (`Unavailable`) all later calls wait.
 * After a pause, one waiting call is sent as a probe; when the probe gets a reply, all waiting calls are sent. There is
 * no limit on retries, because a payment whose outcome is unknown can't be abandoned.
 */
export class Availability {
  readonly name: string;
  readonly #world: World;
  readonly #observer: Pick<Observer, 'away' | 'unanswered'>;
  #pauseMs = 0;
  #timer: Timer | undefined;
  #mayProbe = false;
  #stopped = false;
  #waiting: (() => void)[] = [];

  constructor(name: string, world: World, observer: Pick<Observer, 'away' | 'unanswered'> = {}) {
    this.name = name;
    this.#world = world;
    this.#observer = observer;
  }

  get isAway(): boolean {
    return this.#pauseMs > 0;
  }

  /**
   * Repeats a call until it gets a reply.
   * @throws any error of the call except `Unavailable`; Stopped when the engine stops.
   */
  async ask<Result>(call: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const isProbe = await this.#waitForTurn();
      try {
        const result = await call();
        this.#answered();
        return result;
      } catch (error) {
        if (!(error instanceof Unavailable)) {
          this.#answered();
          throw error;
        }
        this.#observer.unanswered?.(this.name);
        this.#unanswered(isProbe, error);
      }
    }
  }

  /** Rejects all waiting calls and every later call. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#releaseAll();
  }

  /** Resolves when the caller may send its call. @returns true when the call is the probe. */
  async #waitForTurn(): Promise<boolean> {
    for (;;) {
      if (this.#stopped) throw new Stopped(`no further calls to ${this.name}: this process is stopping`);
      if (!this.isAway) return false;
      if (this.#mayProbe) {
        this.#mayProbe = false;
        return true;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #unanswered(isProbe: boolean, error: unknown): void {
    // Other calls that fail during the pause were sent before it, and do not prolong it.
    if (this.isAway && !isProbe) return;
    if (!this.isAway) this.#observer.away?.(this.name, true, error);
    this.#pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, this.#pauseMs * 2));
    this.#timer?.cancel();
    this.#timer = this.#world.later(this.#pauseMs * (0.5 + this.#world.random() / 2), () => {
      this.#mayProbe = true;
      this.#waiting.shift()?.();
    });
  }

  #answered(): void {
    if (!this.isAway) return;
    this.#timer?.cancel();
    this.#pauseMs = 0;
    this.#mayProbe = false;
    this.#observer.away?.(this.name, false);
    this.#releaseAll();
  }

  #releaseAll(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
