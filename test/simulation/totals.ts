import { createHash } from 'node:crypto';
import { allArrows } from './arrows.ts';
import { faults } from './weather.ts';
import type { Report } from './worker.ts';

/** Further faults, and cancellations of events. A long run fails if one of them never occurred. */
const otherFaults = [
  'request overtaken',
  'request to an ended process',
  'batch poisoned',
  'crash in a transaction',
  'events ended',
  'account ended',
  'book ended',
  'book shut down',
  'clocks differ',
  'event canceled',
];
/** What the faults and the requests of clients must lead to. A long run fails if one of these never occurred. */
const effects = [
  'request repeated',
  'booking run by two processes',
  'booking taken over',
  'participant unavailable',
  'database unavailable',
  'batch split',
  'booking failed in a batch of its own',
  'undone before it was occupied',
  'undone before it was paid',
  'slot refused: no_slots',
  'slot refused: sales_not_open',
  'slot refused: sales_closed',
  'slot refused: limit_per_person',
  'slot refused: price_changed',
  'price changed',
  'complete at the price that was seen',
  'booked by hand',
  'paid at the desk',
  'refunded at the desk',
  'payment refused: insufficient_funds',
  'payment refused: reference_used',
  'reconciled during faults',
  'request sent again with its key',
  'credited or paid out',
  'client: answer',
  'client: unavailable',
  'client: refused',
  'client: unknown',
];
const groups = {
  faults: [...faults, ...otherFaults],
  effects,
  transitions: allArrows.map((arrow) => `arrow: ${arrow}`),
};

/** The minimum number of seeds after which each fault, effect and transition must have occurred. */
const enoughSeeds = 100;

/** Adds up the outcomes of many seeds. */
export class Totals {
  readonly #counts = new Map<string, number>();
  readonly #digests = new Map<number, string>();
  #bookings = 0;

  add({ seed, counts, digest, bookings }: Report): void {
    for (const [name, count] of counts) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    this.#digests.set(seed, digest);
    this.#bookings += bookings;
  }

  get bookings(): number {
    return this.#bookings;
  }

  /** The faults, effects and transitions that never occurred; empty after fewer seeds than `enoughSeeds`. */
  get missing(): string[] {
    if (this.#digests.size < enoughSeeds) return [];
    return Object.values(groups)
      .flat()
      .filter((name) => !this.#counts.has(name));
  }

  /** One hash for all histories, independent of the order in which they ended. */
  get digest(): string {
    const digests = [...this.#digests].sort(([a], [b]) => a - b).map(([, digest]) => digest);
    return createHash('sha256').update(digests.join()).digest('hex').slice(0, 16);
  }

  /** A table of how often each fault, effect and transition occurred. */
  table(): string {
    const rows = Object.entries(groups).flatMap(([title, names]) => [
      `\n  ${title}`,
      ...names.map((name) => `    ${String(this.#counts.get(name) ?? 0).padStart(7)}  ${name.replace(/^arrow: /, '')}`),
    ]);
    return rows.join('\n');
  }
}
