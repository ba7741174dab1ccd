import type { EventDescription, Events } from '../contracts/events.ts';
import { Contradiction } from '../kit/errors.ts';
import { Overtaken, retryOvertaken } from '../kit/transaction.ts';
import type { World } from '../kit/world.ts';
import { occupySlots, releaseSlots } from './slots.ts';
import type { Event, EventsStore, SlotTables } from './store.ts';

/**
 * The side of events that book talks to. Each call is one transaction about a set: lock its events, only then read
 * what was answered before, decide by the rules, write what is new. Because a release takes the same lock as an
 * occupy, the two of one booking never pass each other.
 */
export function createEventsParticipant(store: EventsStore, world: World): Events {
  const inTransaction = <Result>(work: (tables: SlotTables, now: Date) => Promise<Result>) =>
    retryOvertaken(() => store.transaction((tables) => work(tables, new Date(world.now()))));
  return {
    heldAtCanceled: store.heldAtCanceled,
    describe: async (eventIds) => (await store.read(eventIds)).map(description),
    occupy: (set) =>
      inTransaction(async (tables, now) => {
        const offers = await tables.lockOffers(set);
        const limited = set.filter(({ eventId }) => typeof offers.get(eventId)?.maxPerPerson === 'number');
        const known = { offers, records: await tables.readRecords(set), held: await tables.countHeld(limited) };
        const { replies, records } = occupySlots(set, known, now);
        if (records.length === 0) return replies;
        if ((await tables.insertRecords(records, now)) < records.length) throw new Overtaken('answered elsewhere');
        const granted = records.filter(({ state }) => state === 'granted');
        if (granted.length > 0) await tables.count(granted, 1);
        return replies;
      }),
    release: (set) =>
      inTransaction(async (tables, now) => {
        await tables.lockOffers(set);
        const { replies, released, marks } = releaseSlots(set, { records: await tables.readRecords(set) });
        if (marks.length > 0 && (await tables.insertRecords(marks, now)) < marks.length) {
          throw new Overtaken('answered elsewhere');
        }
        if (released.length === 0) return replies;
        const changed = await tables.releaseRecords(released, now);
        if (changed !== released.length) throw new Contradiction('a slot changed hands under its event’s lock');
        await tables.count(released, -1);
        return replies;
      }),
  };
}

const description = (event: Event): EventDescription => ({
  id: event.id,
  organizerId: event.organizerId,
  name: event.name,
  totalSlots: event.totalSlots,
  startsAt: event.startsAt?.toISOString() ?? null,
  venue: event.venue,
  cancelUntil: event.cancelUntil?.toISOString() ?? null,
});
