import type { Reply, StepRequest } from '../../contracts/step.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { History } from './history.ts';
import { Planted } from './weather.ts';

/** Observes the requests to participants, and compares each reply with earlier replies to the same request. */
export class Witness {
  readonly #history: History;
  readonly #replies = new Map<string, string>();
  /** The first caller for each booking and action. */
  readonly #callers = new Map<string, string>();
  readonly #canceledEvents = new Set<number>();
  /** Bookings whose first request for a slot came after their event was known to be canceled. */
  readonly #tooLate = new Set<number>();

  constructor(history: History) {
    this.#history = history;
  }

  /** Records that a client has received the answer that an event is canceled. */
  eventCanceled(eventId: number): void {
    this.#canceledEvents.add(eventId);
  }

  asked(caller: string, action: string, set: readonly StepRequest[]): void {
    for (const { bookingId, eventId } of set) {
      const key = `${action} ${bookingId}`;
      const first = this.#callers.get(key);
      if (first === undefined) {
        this.#callers.set(key, caller);
        if (action === 'occupy' && this.#canceledEvents.has(eventId)) this.#tooLate.add(bookingId);
      } else if (first !== caller) this.#history.count('booking run by two processes');
    }
  }

  heard(action: string, set: readonly StepRequest[], answered: unknown): void {
    if (set.length === 0) return;
    const replies = answered as readonly Reply[];
    if (replies.length !== set.length)
      this.#history.blame(`${action}: ${replies.length} replies to ${set.length} requests`);
    for (const [index, { bookingId }] of set.entries()) {
      const reply = replies[index];
      this.#compare(`${action} ${bookingId}`, JSON.stringify(reply));
      if (action === 'occupy' && reply?.accepted && this.#tooLate.has(bookingId)) {
        this.#history.blame(`booking ${bookingId} got a slot after its event was canceled`);
      }
    }
  }

  /** Records a failure of a participant as an offence, unless it was unavailable or the failure was planted. */
  failed(site: string, action: string, error: unknown): void {
    if (error instanceof Unavailable || error instanceof Planted) return;
    this.#history.blame(`${site} failed to ${action}: ${error}`);
  }

  #compare(key: string, reply: string): void {
    const earlier = this.#replies.get(key);
    this.#replies.set(key, reply);
    if (earlier === undefined) return;
    this.#history.count('request repeated');
    if (earlier !== reply) this.#history.blame(`${key} was answered ${earlier} first, and ${reply} later`);
  }
}
