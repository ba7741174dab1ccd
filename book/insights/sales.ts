import type { Sales } from '../../contracts/book/attendees.ts';
import { cacheLookups } from '../../platform/cache.ts';
import type { World } from '../../platform/world.ts';
import type { SalesStore } from './sales-store.ts';

/** As many points as a curve has on a screen. */
const mostPoints = 300;
/** Over how long the rate is taken, in milliseconds. */
const rateMs = 10_000;

/** How an event sold, so far; without what only events knows. */
export type SalesSoFar = Omit<Sales, 'total_slots'>;

/** Works out how events sold: of each at most once a second, however many watch it here. */
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
      money_taken: totals.moneyTaken,
      refunded: totals.refunded,
    };
  });
}
