import type { Sales } from '../../contracts/book/attendees.ts';
import { cacheLookups } from '../../platform/cache.ts';
import type { World } from '../../platform/world.ts';
import type { SalesStore } from './sales-store.ts';

/** The maximum number of points: a curve on a screen shows no more. */
const mostPoints = 300;
const rateMs = 10_000;

/** The sales of an event, without the total of slots, which comes from the events service. */
export type SalesSoFar = Omit<Sales, 'total_slots'>;

declare global {
  interface JSON {
    /** Returns a value that `JSON.stringify` writes as this text (ES2025). */
    rawJSON(text: string): unknown;
  }
}

/** An integer for a JSON body. Above 2^53 - 1 its digits are sent unchanged, because a number would round them. */
function exactNumber(digits: string): number {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : (JSON.rawJSON(digits) as number);
}

/** Reads sales at most once a second for each event, for any number of viewers. */
export function createSales(store: SalesStore, world: World): (eventId: number) => Promise<SalesSoFar> {
  return cacheLookups(world, { forMs: 1_000, atMost: 1_000 }, async (eventId: number) => {
    const totals = await store.totals(eventId, new Date(world.now() - rateMs));
    const steps = await store.steps(eventId, mostPoints);
    let taken = 0;
    const points = steps.map(({ at, added }) => {
      taken += added;
      return { at: at.toISOString(), taken };
    });
    return {
      points,
      rate_per_second: totals.recent / (rateMs / 1_000),
      taken: totals.taken,
      money_taken: exactNumber(totals.moneyTaken),
      refunded: exactNumber(totals.refunded),
    };
  });
}
