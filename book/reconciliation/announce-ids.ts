import type { IdGiver } from '../../contracts/ids.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { ParticipantRecords } from './compare.ts';
import type { Trio } from './rules.ts';
import type { ReconciliationStore } from './store.ts';

/** The highest ids of people and of events that anybody but their own service knows. */
export interface KnownIds {
  readonly personId: number;
  readonly eventId: number;
}

export interface IdTelling {
  readonly store: Pick<ReconciliationStore, 'highestKnown'>;
  readonly records: ParticipantRecords;
  /** Auth, which gives the ids of people, and events. */
  readonly givers: { readonly people: IdGiver; readonly events: IdGiver };
  readonly log: Logger;
}

/**
 * Tells auth and events which ids are known, so that they give none of them to another: they may have been restored
 * from an older copy. Whoever is away keeps the others from nothing.
 * @throws the first failure, when all that could be told was told.
 */
export async function tellKnownIds(telling: IdTelling, seen: KnownIds = { personId: 0, eventId: 0 }): Promise<void> {
  const { store, records, givers, log } = telling;
  const none = { eventId: 0 };
  const asked = await Promise.allSettled([
    store.highestKnown(),
    records.events.highestPerson({}).then((known) => ({ ...none, ...known })),
    records.account.highestPerson({}).then((known) => ({ ...none, ...known })),
  ]);
  const known = [seen, ...asked.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))];
  const raise = async (whose: 'people' | 'events', highest: number) => {
    const { raised } = await givers[whose].raiseIds({ known: highest });
    if (raised) log.warn({ whose, ...raised }, `ids of ${whose} were behind what others know: they go on above that`);
  };
  const told = await Promise.allSettled([
    raise('people', Math.max(...known.map(({ personId }) => personId))),
    raise('events', Math.max(...known.map(({ eventId }) => eventId))),
  ]);
  for (const end of [...asked, ...told]) if (end.status === 'rejected') throw end.reason;
}

/**
 * The highest ids in a set of records. Whoever books names an event as they like: only what once had a slot has a
 * price, and was about an event that there was.
 */
export function highestIn(trios: readonly Trio[]): KnownIds {
  let [personId, eventId] = [0, 0];
  for (const { booking, slot, payment } of trios) {
    for (const record of [booking, slot, payment]) personId = Math.max(personId, record?.personId ?? 0);
    if (booking && booking.price !== null) eventId = Math.max(eventId, booking.eventId);
    if (slot && slot.price !== null) eventId = Math.max(eventId, slot.eventId);
    if (payment && payment.amount !== null) eventId = Math.max(eventId, payment.eventId);
  }
  return { personId, eventId };
}

/** How often they are told while all is well, and while somebody is away, in milliseconds. */
const everyMs = 5_000;
const retryEveryMs = 1_000;

/** Tells auth and events when a process starts, and again and again. */
export class KnownIdTeller {
  readonly #telling: IdTelling;
  readonly #world: World;
  #isStopped = false;

  constructor(telling: IdTelling, world: World) {
    this.#telling = telling;
    this.#world = world;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isStopped; ) {
      try {
        await tellKnownIds(this.#telling);
        failures = 0;
      } catch (err) {
        // At the end the database is closed while they are told.
        if (this.#isStopped) return;
        failures += 1;
        // Whoever is away says so elsewhere, at every question; here once is enough.
        if (failures === 1) this.#telling.log.warn({ err }, 'who gives ids was not told yet which ones are known');
      }
      await pause(this.#world, failures > 0 ? retryEveryMs : everyMs);
    }
  }
}
