import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { Answer } from '../support/system.ts';

/**
 * The outcome of a request, as its client knows it. `done`: the request was carried out (2xx). `not stored`: nothing
 * was stored (503). `unknown`: 504 or another server error, an unexpected answer, a broken connection, no answer yet.
 */
export type Fate = 'done' | 'not stored' | 'unknown';

/** What is recorded for every request. */
export interface Asked {
  fate: Fate;
  /** The time of the answer, in milliseconds of `performance.now()`. */
  answeredMs?: number;
}

export interface AskedBooking extends Asked {
  readonly personId: number;
  readonly eventId: number;
  /** The price that the buyer saw. */
  readonly expectedPrice?: number;
  /** Set for a booking by hand, with the reference of a payment at the desk. */
  readonly byHand?: { readonly price: number; readonly reference?: string };
  status?: number;
  told?: BookingAnswer;
}

export interface AskedCancellation extends Asked {
  readonly bookingId: number;
  status?: number;
  told?: BookingAnswer;
}

export interface AskedEvent extends Asked {
  readonly eventId: number;
}

export interface AskedDeposit extends Asked {
  readonly personId: number;
  readonly delta: number;
}

/** A check-in, or the undoing of one. */
export interface AskedCheckIn extends Asked {
  readonly bookingId: number;
  readonly isIn: boolean;
  status?: number;
}

/** All requests of the clients, with their answers. */
export class Ledger {
  readonly bookings: AskedBooking[] = [];
  readonly cancellations: AskedCancellation[] = [];
  readonly canceledEvents: AskedEvent[] = [];
  readonly createdEvents: AskedEvent[] = [];
  readonly deposits: AskedDeposit[] = [];
  readonly checkIns: AskedCheckIn[] = [];
  /** Answers that no fault explains, such as a 404 for a booking that was acknowledged. */
  readonly strange: string[] = [];

  /** The number of requests with each outcome, for each kind of request. */
  summary(): string {
    const { bookings, cancellations, canceledEvents, deposits, checkIns } = this;
    const byHand = bookings.filter((asked) => asked.byHand !== undefined);
    return Object.entries({ bookings, byHand, cancellations, canceledEvents, deposits, checkIns })
      .map(([name, asked]) => {
        const count = (fate: Fate) => asked.filter((each) => each.fate === fate).length;
        return `${name}: ${count('done')} done, ${count('not stored')} not stored, ${count('unknown')} unknown`;
      })
      .join('; ');
  }

  /** Records an answer. @returns whether the request was carried out; an unexpected answer is recorded as strange. */
  keep(asked: Asked, what: string, answer: Answer | undefined, expected: readonly number[]): answer is Answer {
    asked.fate = fateOf(answer);
    asked.answeredMs = performance.now();
    if (answer === undefined || asked.fate !== 'done') return false;
    if (expected.includes(answer.status)) return true;
    asked.fate = 'unknown';
    this.strange.push(`${what} was answered ${answer.status}: ${answer.text}`);
    return false;
  }
}

/** The outcome of a request by the status of its answer; `unknown` if no complete answer arrived. */
export function fateOf(answer: Answer | undefined): Fate {
  if (answer === undefined || (answer.status >= 500 && answer.status !== 503)) return 'unknown';
  return answer.status === 503 ? 'not stored' : 'done';
}
