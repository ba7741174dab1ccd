import type { Clock } from './life.ts';
import type { Weather } from './weather.ts';
import type { VirtualWorld } from './world.ts';

/** An event that exists from the start. */
export interface EventPlan {
  readonly price: number;
  readonly totalSlots: number;
  /** When sales open, by the clock of events; null for sales that are open from the start. */
  readonly saleOpensAtMs: number | null;
  /** When sales close, by the same clock; null: at the start. */
  readonly saleClosesAtMs: number | null;
  readonly startsAtMs: number | null;
  readonly maxPerPerson: number | null;
}

/** How many times a request is sent with one idempotency key; 0 means once, and without a key. */
interface Sends {
  readonly sends: number;
}

/** For whom and for what a client books, and how long it waits for the booking to settle. */
interface Books extends Sends {
  readonly personId: number;
  readonly eventId: number;
  readonly waitMs: number;
}

/** How a buyer learns the price: a price that was read stays, while the buyer thinks, or the buyer takes it for another. */
interface Buys extends Books {
  readonly kind: 'book';
  readonly looks: 'never' | 'well' | 'wrongly';
  readonly thinkMs: number;
}

/** A booking by hand: free, or paid at the desk under a reference that other bookings may have as well. */
interface BooksByHand extends Books {
  readonly kind: 'book by hand';
  readonly paid?: { readonly amount: number; readonly reference: string };
}

/** The task of a client, and when it starts. */
export type Errand = { readonly atMs: number } & (
  | Buys
  | BooksByHand
  | { readonly kind: 'cancel booking'; readonly bookingId: number; readonly waitMs: number }
  | { readonly kind: 'cancel event'; readonly eventId: number }
  | { readonly kind: 'change price'; readonly eventId: number; readonly price: number }
  | ({ readonly kind: 'deposit' | 'credit' | 'payout'; readonly personId: number; readonly delta: number } & Sends)
  | { readonly kind: 'reconcile' }
);

/** A poisoned booking: for a while, a participant fails every batch that contains it. */
export interface Poison {
  readonly siteName: string;
  readonly bookingId: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export const siteNames = ['events', 'account', 'book-1', 'book-2'] as const;
export type SiteName = (typeof siteNames)[number];

/** The end of a process at a given moment: a shutdown if `isInOrder`, otherwise a crash. */
export interface EndPlan {
  readonly atMs: number;
  readonly siteName: SiteName;
  readonly isInOrder: boolean;
}

/** The plan of a simulation, with times from its start. Everything else is drawn while the simulation runs. */
export interface Scenario {
  readonly events: readonly EventPlan[];
  /** The balance of each person, beginning with person 1. */
  readonly balances: readonly number[];
  readonly errands: readonly Errand[];
  readonly poisons: readonly Poison[];
  readonly ends: readonly EndPlan[];
  readonly clocks: Readonly<Record<SiteName, Clock>>;
  readonly limits: {
    readonly open: number;
    readonly bulk: number;
    readonly maxBatch: number;
    readonly leaseMs: number;
  };
  readonly timeoutMs: number;
  /** When the faults stop. */
  readonly roughMs: number;
}

/** An event id that never exists. */
export const unknownEvent = 77;

/** The latest start of a burst of clients, in milliseconds. */
const lastErrandMs = 4_000;

export function drawScenario(world: VirtualWorld, weather: Weather): Scenario {
  const whole = (low: number, high: number) => Math.floor(weather.between(low, high + 1));
  const isSo = (chance: number) => world.random() < chance;
  const events = Array.from({ length: whole(1, 3) }, () => ({
    price: isSo(0.2) ? 0 : whole(1, 9),
    totalSlots: whole(1, 5),
    saleOpensAtMs: isSo(0.25) ? whole(0, lastErrandMs) : null,
    saleClosesAtMs: isSo(0.12) ? whole(0, 2 * lastErrandMs) : null,
    startsAtMs: isSo(0.12) ? whole(0, 2 * lastErrandMs) : null,
    maxPerPerson: isSo(0.3) ? whole(1, 2) : null,
  }));
  const balances = Array.from({ length: whole(2, 5) }, () => (isSo(0.2) ? 0 : whole(0, 30)));
  const roughMs = lastErrandMs + whole(1_000, 6_000);
  const differs = isSo(0.6);
  const clock = () => ({
    offsetMs: differs ? whole(-9_000, 9_000) : 0,
    pace: differs ? weather.between(0.97, 1.03) : 1,
  });
  return {
    events,
    balances,
    errands: drawErrands(weather, events.length, balances.length),
    poisons: Array.from({ length: isSo(0.35) ? whole(1, 2) : 0 }, () => {
      const fromMs = whole(0, 3_000);
      return {
        siteName: weather.pick(['events', 'account']),
        bookingId: whole(1, 8),
        fromMs,
        untilMs: fromMs + whole(500, 5_000),
      };
    }),
    ends: Array.from({ length: isSo(0.5) ? whole(1, 4) : 0 }, () => ({
      atMs: whole(0, roughMs),
      siteName: weather.pick(siteNames),
      isInOrder: isSo(0.3),
    })),
    clocks: { events: clock(), account: clock(), 'book-1': clock(), 'book-2': clock() },
    limits: {
      open: isSo(0.15) ? whole(1, 4) : 10_000,
      bulk: isSo(0.3) ? whole(1, 2) : 2_000,
      maxBatch: weather.pick([1, 3, 500, 500]),
      leaseMs: weather.pick([1_000, 2_000, 5_000]),
    },
    timeoutMs: weather.pick([300, 1_000, 4_000]),
    roughMs,
  };
}

/** Clients come in bursts, because bursts form batches. */
function drawErrands(weather: Weather, eventCount: number, peopleCount: number): Errand[] {
  const whole = (low: number, high: number) => Math.floor(weather.between(low, high + 1));
  const bursts = Array.from({ length: whole(1, 5) }, () => weather.between(0, lastErrandMs));
  const draw = (): Errand => {
    const atMs = weather.pick(bursts) + weather.pick([0, 0, weather.between(0, 30)]);
    const waitMs = weather.pick([0, 2_000, 10_000]);
    const chance = weather.between(0, 1);
    if (chance < 0.02) return { atMs, kind: 'reconcile' };
    const sends = weather.pick([0, 0, 1, 2, 3]);
    const personId = whole(1, peopleCount);
    if (chance < 0.08) {
      const kind = weather.pick(['deposit', 'deposit', 'credit', 'payout'] as const);
      return { atMs, kind, personId, delta: whole(1, 10), sends };
    }
    if (chance < 0.14) return { atMs, kind: 'cancel event', eventId: whole(1, eventCount) };
    if (chance < 0.24) return { atMs, kind: 'cancel booking', bookingId: whole(1, 12), waitMs };
    if (chance < 0.32) return { atMs, kind: 'change price', eventId: whole(1, eventCount), price: whole(0, 9) };
    const eventId = weather.between(0, 1) < 0.06 ? unknownEvent : whole(1, eventCount);
    const books = { atMs, personId, eventId, waitMs, sends };
    if (chance > 0.85) {
      // So few references that two bookings often name the same.
      const paid = { amount: whole(1, 9), reference: `receipt ${whole(1, 2)}` };
      return { ...books, kind: 'book by hand', ...(weather.between(0, 1) < 0.7 && { paid }) };
    }
    const looks = weather.pick(['never', 'never', 'well', 'well', 'wrongly'] as const);
    return { ...books, kind: 'book', looks, thinkMs: weather.pick([0, 0, weather.between(0, 50)]) };
  };
  return Array.from({ length: whole(10, 26) }, draw);
}
