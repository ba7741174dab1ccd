import type { Reply, StepRequest } from '../contracts/reply.ts';
import { Unavailable } from '../kit/errors.ts';
import type { History } from './history.ts';
import { Planted } from './weather.ts';

/** Hears each reply of a participant, and holds it against what it replied before. */
export class Witness {
  readonly #history: History;
  readonly #replies = new Map<string, string>();

  constructor(history: History) {
    this.#history = history;
  }

  heard(action: string, asked: readonly StepRequest[], answered: unknown): void {
    if (action === 'heldAtCanceled') return;
    const replies = answered as readonly Reply[];
    if (replies.length !== asked.length) this.#history.blame(`${action}: ${replies.length} replies to ${asked.length}`);
    for (const [index, { bookingId }] of asked.entries()) {
      const key = `${action} of booking ${bookingId}`;
      const reply = JSON.stringify(replies[index]);
      const earlier = this.#replies.get(key);
      this.#replies.set(key, reply);
      if (earlier !== undefined) this.#history.count('question repeated');
      if (earlier !== undefined && earlier !== reply) {
        this.#history.blame(`${key} was answered ${earlier} once, and ${reply} now`);
      }
    }
  }

  /** Being away is no offence, and what was planted isn't. Anything else a participant must not say. */
  failed(site: string, action: string, error: unknown): void {
    if (error instanceof Unavailable || error instanceof Planted) return;
    this.#history.blame(`${site} failed to ${action}: ${error}`);
  }
}
