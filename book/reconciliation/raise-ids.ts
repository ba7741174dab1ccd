import type { Raised } from '../../platform/database/sequence.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { ParticipantRecords } from './compare.ts';
import type { ReconciliationStore } from './store.ts';

/**
 * Sees to it that no new booking gets an id that a participant knows. Only a database that was restored from an older
 * copy is behind: its next bookings would meet the records of those it has lost.
 * @returns nothing when all was well.
 */
export async function raiseIds(store: ReconciliationStore, records: ParticipantRecords): Promise<Raised | undefined> {
  // Asked before the sequence is read: whatever they know by then it had given before.
  const known = await Promise.all([records.events.highestBooking({}), records.account.highestBooking({})]);
  return store.raiseIds(Math.max(...known.map(({ bookingId }) => bookingId)));
}

/** For how long bookings wait for the answer of a participant that is away, in milliseconds. */
const patienceMs = 2_000;
const retryEveryMs = 1_000;
/** How often the ids are looked at while all is well, in milliseconds. */
const checkEveryMs = 5_000;

/**
 * Raises the ids when a process starts, every few seconds from then on, and whenever book's database was away: it may
 * have come back as a copy that is behind. New bookings wait until that is done.
 */
export class IdRaiser {
  readonly #store: ReconciliationStore;
  readonly #records: ParticipantRecords;
  readonly #world: World;
  readonly #log: Logger;
  #isStopped = false;
  #raising: Promise<void> | undefined;
  #checked: Promise<void> | undefined;
  /** The raising that `#checked` is about. */
  #awaited: Promise<void> | undefined;

  constructor(store: ReconciliationStore, records: ParticipantRecords, world: World, log: Logger) {
    this.#store = store;
    this.#records = records;
    this.#world = world;
    this.#log = log;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Asks the participants again, until both have answered; new bookings wait meanwhile. */
  check(): void {
    const raising = this.#raiseOnce();
    // Asked for at each failure of an outage, which may be thousands: all of them wait for one raising, once and no
    // longer than the first.
    if (this.#awaited === raising) return;
    this.#awaited = raising;
    this.#checked = Promise.race([raising, pause(this.#world, patienceMs)]);
  }

  /** Resolves when a booking may be stored: when the ids were checked, or a participant is away for too long. */
  async checked(): Promise<void> {
    await this.#checked;
  }

  async #run(): Promise<void> {
    this.check();
    // All is well as far as anyone knows: nobody waits for this.
    for (await this.checked(); !this.#isStopped; await this.#raiseOnce()) await pause(this.#world, checkEveryMs);
  }

  /** However many ask for it at once. */
  #raiseOnce(): Promise<void> {
    this.#raising ??= this.#raise().finally(() => {
      this.#raising = undefined;
    });
    return this.#raising;
  }

  async #raise(): Promise<void> {
    for (let attempt = 1; !this.#isStopped; attempt += 1) {
      try {
        const raised = await raiseIds(this.#store, this.#records);
        if (raised !== undefined) {
          this.#log.warn(
            raised,
            'book was behind its participants: its ids go on above theirs, and it should be mended',
          );
        }
        return;
      } catch (err) {
        if (attempt === 1) this.#log.warn({ err }, 'whether the ids of bookings are new is not known yet');
        await pause(this.#world, retryEveryMs);
      }
    }
  }
}
