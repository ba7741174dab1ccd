import type { Step } from './story.ts';

/** What a database already held before the session. */
export interface Before {
  readonly personId: number;
  readonly balance: number;
}

/** The price of the red run, and what the session leaves of the money that it pays in. */
const redPrice = 40;
const left = 5;

/** What the last booking must cost to be beyond the account; nothing where the red run already is. */
export function dearPriceFor(balanceBefore: number): number | undefined {
  return balanceBefore + left < redPrice ? undefined : balanceBefore + left + 1;
}

/**
 * The numbers of a database in use, in place of the description's: there the person is 1, the events and the bookings
 * are counted from 1, and the account is empty before.
 */
export class Numbers {
  readonly #before: Before;
  /** The ids of what the session created so far, in the order of the description's. */
  readonly #events: number[] = [];
  readonly #bookings: number[] = [];

  constructor(before: Before) {
    this.#before = before;
  }

  /** Takes the id of what a step has just created; answers whether there was one. A deposit needs none. */
  note({ path }: Step, answer: string): boolean {
    const created = { '/events/create': this.#events, '/book/create': this.#bookings }[path];
    if (created === undefined) return true;
    const id = /^\{"id":(\d{1,16}),/.exec(answer)?.[1];
    if (id !== undefined) created.push(Number(id));
    return id !== undefined;
  }

  /** A step as it has to be taken here. Lists begin with what the session created, however much stands before it. */
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
