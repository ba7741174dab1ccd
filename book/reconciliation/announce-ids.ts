import type { IdGiver } from '../../contracts/ids.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Trio } from './rules.ts';
import type { ReconciliationStore } from './store.ts';
import type { ParticipantRecords } from './walks.ts';

/** The highest ids of people and events that occur in the records of book and its participants. */
export interface KnownIds {
  readonly personId: number;
  readonly eventId: number;
}

export interface IdAnnouncerParts {
  readonly store: Pick<ReconciliationStore, 'highestKnown'>;
  readonly records: ParticipantRecords;
  /** The services that assign new ids: auth to people, events to events. */
  readonly givers: { readonly people: IdGiver; readonly events: IdGiver };
  readonly log: Logger;
  readonly world: World;
}

const everyMs = 5_000;
const retryEveryMs = 1_000;

/**
 * Announces the highest known ids to auth and events, at start and every 5 s. A service that was restored from an older
 * copy would otherwise assign an id that other services already use for a different person or event.
 */
export class IdAnnouncer {
  readonly #parts: IdAnnouncerParts;
  readonly #stopping = new AbortController();

  constructor(parts: IdAnnouncerParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Reads the highest ids from all three services and announces them to auth and events. Services that do not answer
   * are left out.
   * @param seen ids found in other records; they are announced as well.
   * @throws the first failure, after all calls have ended.
   */
  async announce(seen: KnownIds = { personId: 0, eventId: 0 }): Promise<void> {
    const { store, records } = this.#parts;
    const none = { eventId: 0 };
    const read = await Promise.allSettled([
      store.highestKnown(),
      records.events.highestPerson({}).then((known) => ({ ...none, ...known })),
      records.account.highestPerson({}).then((known) => ({ ...none, ...known })),
    ]);
    const known = [seen, ...read.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))];
    const announced = await Promise.allSettled([
      this.#announceTo('people', Math.max(...known.map(({ personId }) => personId))),
      this.#announceTo('events', Math.max(...known.map(({ eventId }) => eventId))),
    ]);
    for (const end of [...read, ...announced]) if (end.status === 'rejected') throw end.reason;
  }

  async #announceTo(whose: 'people' | 'events', known: number): Promise<void> {
    const { givers, log } = this.#parts;
    const { raised } = await givers[whose].raiseIds({ known });
    if (raised)
      log.warn(
        { whose, ...raised },
        `new ids of ${whose} would have repeated known ids; the next id was raised above them`,
      );
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.announce();
        failures = 0;
      } catch (err) {
        // On shutdown the database may close during the announcement.
        if (signal.aborted) return;
        failures += 1;
        // Logged once for each outage: each failed call is already logged and counted where it is made.
        if (failures === 1) {
          this.#parts.log.warn({ err }, 'could not announce the highest known ids to auth and events; retrying');
        }
      }
      await pause(this.#parts.world, failures > 0 ? retryEveryMs : everyMs, signal);
    }
  }
}

/**
 * The highest ids in a batch of records. Clients can name any event id in a booking, so event ids are taken only from
 * records with a price: a slot of the event was granted once, so the event existed.
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
