import type { Step } from './story.ts';

/** The state of the database before the session. */
export interface Before {
  readonly personId: number;
  readonly balance: number;
}

/** The price of the red run. */
const redPrice = 40;
/** What is left of the deposit at the end of the session. */
const left = 5;

/** A price for the last booking that is above the remaining balance; undefined if the red run already costs more. */
export function dearPriceFor(balanceBefore: number): number | undefined {
  return balanceBefore + left < redPrice ? undefined : balanceBefore + left + 1;
}

/**
 * Translates the description's ids and balances to those of a database in use. The description assumes person 1, events
 * and bookings counted from 1, and an empty account.
 */
export class Numbers {
  readonly #before: Before;
  /** The ids created by the session so far, in the order of the description. */
  readonly #events: number[] = [];
  readonly #bookings: number[] = [];

  constructor(before: Before) {
    this.#before = before;
  }

  /** Stores the id that a step created. @returns false when the answer lacks an expected id. */
  note({ path }: Step, answer: string): boolean {
    const created = { '/events/create': this.#events, '/book/create': this.#bookings }[path];
    if (created === undefined) return true;
    const id = /^\{"id":(\d{1,16}),/.exec(answer)?.[1];
    if (id !== undefined) created.push(Number(id));
    return id !== undefined;
  }

  /** Adapts a step to this database. Lists start after older entries, at the first one that the session created. */
  adjust(step: Step): Step {
    const { path, body, answer } = step;
    return {
      ...step,
      path: path + this.#after(path),
      ...(body !== undefined && { body: this.#body(body) }),
      ...(answer !== undefined && { answer: JSON.stringify(this.#answer(path, JSON.parse(answer))) }),
    };
  }

  #after(path: string): string {
    const first = { '/events/get': this.#events, '/book/get': this.#bookings }[path]?.[0] ?? 1;
    return first === 1 ? '' : `?after=${first - 1}`;
  }

  #body(body: string): string {
    const { event_id: eventId } = JSON.parse(body) as { event_id?: number };
    return eventId === undefined ? body : JSON.stringify({ event_id: this.#events[eventId - 1] });
  }

  #answer(path: string, answer: unknown): unknown {
    if (!Array.isArray(answer)) return { balance: (answer as { balance: number }).balance + this.#before.balance };
    if (path === '/events/get') return answer.map((event) => ({ ...event, id: this.#events[event.id - 1] }));
    return answer.map((booking) => ({
      ...booking,
      id: this.#bookings[booking.id - 1],
      user_id: this.#before.personId,
      event_id: this.#events[booking.event_id - 1],
    }));
  }
}
