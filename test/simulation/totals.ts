import { createHash } from 'node:crypto';
import { allArrows } from './tables.ts';
import { faults } from './weather.ts';
import type { Report } from './worker.ts';

/** Events other than random faults that must occur, or the run has not tested what it is for. */
const otherFaults = [
  'request overtaken',
  'request turned away',
  'set poisoned',
  'crash in a transaction',
  'events ended',
  'account ended',
  'book ended',
  'book ended in order',
  'clocks differ',
  'event canceled',
];
const effects = [
  'question repeated',
  'booking run by two processes',
  'booking taken up',
  'participant away',
  'database away',
  'set split',
  'booking failed alone',
  'undone before it was occupied',
  'undone before it was paid',
  'slot refused: no_slots',
  'slot refused: sales_not_open',
  'slot refused: limit_per_person',
  'reconciled meanwhile',
  'sent again with its key',
  'credited or paid out',
  'client: answer',
  'client: away',
  'client: refused',
  'client: not known',
];
const groups = {
  faults: [...faults, ...otherFaults],
  'what came of them': effects,
  'arrows walked': allArrows.map((arrow) => `arrow: ${arrow}`),
};

/** From this number of seeds on, everything must have occurred. */
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

  /** What never occurred, in a run long enough for everything. */
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

  /** How often everything occurred, as a table. */
  table(): string {
    const rows = Object.entries(groups).flatMap(([title, names]) => [
      `\n  ${title}`,
      ...names.map((name) => `    ${String(this.#counts.get(name) ?? 0).padStart(7)}  ${name.replace(/^arrow: /, '')}`),
    ]);
    return rows.join('\n');
  }
}
