import type { Helper } from '../contracts/events/access.ts';
import type { EventDescription, Events } from '../contracts/events/calls.ts';
import { Committing, retryOnConflict, together } from '../platform/database/transaction.ts';
import { Contradiction } from '../platform/errors.ts';
import type { World } from '../platform/world.ts';
import { occupySlots, releaseSlots } from './slots.ts';
import type { SlotTables } from './slots-store.ts';
import type { Event, EventsStore } from './store.ts';

/**
 * Answers the calls that book makes to events. Each call is one transaction for a batch: lock the events, then read the
 * recorded replies, decide by the rules, and write. A release takes the same lock as an occupy, so the occupy and the
 * release of one booking run one after the other.
 */
export function createEventsParticipant(store: EventsStore, world: World): Events {
  const inTransaction = <Result>(work: (tables: SlotTables, now: Date) => Promise<Result | Committing<Result>>) =>
    retryOnConflict(() => store.transaction((tables) => work(tables, new Date(world.now()))));
  return {
    heldAtCanceled: store.heldAtCanceled,
    async describe(eventIds) {
      const [events, helpers] = await Promise.all([store.read(eventIds), store.helpersOf(eventIds)]);
      return events.map((event) => description(event, helpers.get(event.id) ?? []));
    },
    occupy: (set) =>
      inTransaction(async (tables, now) => {
        const [offers, earlier] = await together(tables.lockOffers(set), tables.readRecords(set));
        const limited = set.filter(({ eventId }) => typeof offers.get(eventId)?.maxPerPerson === 'number');
        const known = { offers, records: earlier, held: await tables.countHeld(limited) };
        const { replies, records } = occupySlots(set, known, now);
        if (records.length === 0) return replies;
        const granted = records.filter(({ state }) => state === 'granted');
        return new Committing(replies, tables.insertRecords(records, now), tables.count(granted, 1));
      }),
    release: (set) =>
      inTransaction(async (tables, now) => {
        const [, earlier] = await together(tables.lockOffers(set), tables.readRecords(set));
        const { replies, released, marks } = releaseSlots(set, { records: earlier });
        const [, changed] = await together(
          tables.insertRecords(marks, now),
          tables.releaseRecords(released, now),
          tables.count(released, -1),
        );
        if (changed !== released.length) throw new Contradiction('a slot changed although its event was locked');
        return replies;
      }),
  };
}

const description = (event: Event, helpers: Helper[]): EventDescription => ({
  id: event.id,
  organizerId: event.organizerId,
  name: event.name,
  totalSlots: event.totalSlots,
  startsAt: event.startsAt?.toISOString() ?? null,
  venue: event.venue,
  cancelUntil: event.cancelUntil?.toISOString() ?? null,
  movedAt: event.movedAt?.toISOString() ?? null,
  earlierTerms: [...(event.earlierTerms ?? [])],
  timeZone: event.timeZone,
  helpers,
});
