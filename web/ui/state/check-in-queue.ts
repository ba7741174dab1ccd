import { latinReadings } from '../../../contracts/text/keyboards.ts';
import { Refused, Unreachable } from '../api/client.ts';
import type { CheckedIn } from '../api/shapes.ts';

/** A guest, named by the code of a ticket, or by a booking when there is no ticket to show. */
export type Guest = { readonly code: string } | { readonly booking_id: number };

/** The answer to a scan: a check-in, the first or a repeated one, or an error. */
export type Outcome = { readonly done: CheckedIn } | { readonly error: unknown };

export interface Scan {
  readonly id: number;
  readonly guest: Guest;
  /** Undefined while the scan waits. */
  readonly outcome: Outcome | undefined;
}

interface QueueParts {
  readonly checkIn: (guest: Guest) => Promise<CheckedIn>;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Called after each change of `scans` or `isLost`. */
  readonly onChange: () => void;
}

/** The interval at which a scan without an answer is sent again, in milliseconds. */
const retryMs = 2_000;
/** The maximum number of answered scans that are remembered. */
const mostAnswered = 50;

/**
 * Sends scans one after the other, and repeats each until it is answered. A repeat has the idempotency key of the first
 * try, so a guest whose answer was lost is still let in.
 */
export class CheckInQueue {
  /** The newest first. */
  scans: readonly Scan[] = [];
  isLost = false;
  readonly #parts: QueueParts;
  #nextId = 1;
  #isRunning = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Adds a scan, unless the same one is waiting. */
  add(guest: Guest): void {
    const name = nameOf(guest);
    if (this.#waiting().some((scan) => nameOf(scan.guest) === name)) return;
    this.scans = [{ id: this.#nextId, guest, outcome: undefined }, ...this.scans];
    this.#nextId += 1;
    this.#parts.onChange();
    this.resume();
  }

  /** Goes on after a session has ended: the scans wait for the next one. */
  resume(): void {
    if (!this.#isRunning) void this.#run();
  }

  #waiting(): readonly Scan[] {
    return this.scans.filter(({ outcome }) => outcome === undefined);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let scan = this.#waiting().at(-1); scan !== undefined; scan = this.#waiting().at(-1)) {
      const outcome = await this.#send(scan.guest);
      if (outcome === undefined) break;
      this.#settle(scan.id, outcome);
    }
    this.#isRunning = false;
  }

  /** Sends a scan until there is an answer. @returns undefined when the session has ended. */
  async #send(guest: Guest): Promise<Outcome | undefined> {
    for (;;) {
      try {
        return { done: await this.#parts.checkIn(guest) };
      } catch (error) {
        if (error instanceof Refused && error.status === 401) return undefined;
        if (!isPassing(error)) return { error };
        this.isLost = true;
        this.#parts.onChange();
        const { retryAfterS = 0 } = error instanceof Refused ? error : {};
        await this.#parts.wait(Math.max(retryMs, retryAfterS * 1_000));
      }
    }
  }

  #settle(id: number, outcome: Outcome): void {
    this.isLost = false;
    const settled = this.scans.map((scan) => (scan.id === id ? { ...scan, outcome } : scan));
    const answered = settled.filter((scan) => scan.outcome !== undefined).slice(0, mostAnswered);
    this.scans = settled.filter((scan) => scan.outcome === undefined || answered.includes(scan));
    this.#parts.onChange();
  }
}

/** Whether the server can't answer now, but will. An internal error may not pass, and would hold up the others. */
const isPassing = (error: unknown) =>
  error instanceof Unreachable || (error instanceof Refused && (error.status === 503 || error.status === 429));

/** The same for two scans of one ticket, also under another keyboard layout. */
const nameOf = (guest: Guest) =>
  'code' in guest ? latinReadings(guest.code)[0]?.replaceAll(/[\s-]/g, '') : `booking ${guest.booking_id}`;
