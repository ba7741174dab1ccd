import type { Raised } from '../../platform/database/sequence.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { ReconciliationStore } from './store.ts';
import type { ParticipantRecords } from './walks.ts';

/**
 * Raises the sequence of booking ids above every id that a participant knows. It can be behind only after book's
 * database was restored from an older copy: new bookings would then meet the records of lost ones.
 * @returns undefined when the sequence was not behind.
 */
export async function raiseIds(store: ReconciliationStore, records: ParticipantRecords): Promise<Raised | undefined> {
  // The participants are read before the sequence: any id that they know by then was returned by the sequence earlier.
  const known = await Promise.all([records.events.highestBooking({}), records.account.highestBooking({})]);
  return store.raiseIds(Math.max(...known.map(({ bookingId }) => bookingId)));
}

/** How long new bookings wait for a participant that does not answer, in milliseconds. */
const patienceMs = 2_000;
const retryEveryMs = 1_000;
const checkEveryMs = 5_000;

/**
 * Raises the booking ids at start, every 5 s, and whenever book's database was unavailable, because it may come back as
 * an older copy. New bookings wait until the ids are raised, at start and after an outage.
 */
export class IdRaiser {
  readonly #store: ReconciliationStore;
  readonly #records: ParticipantRecords;
  readonly #world: World;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #raising: Promise<void> | undefined;
  #checked: Promise<void> | undefined;
  /** The value of `#raising` that `#checked` waits for. */
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
    this.#stopping.abort();
  }

  /** Raises the ids again, and retries until both participants have answered. New bookings wait meanwhile. */
  check(): void {
    const raising = this.#raiseOnce();
    // In an outage, each of thousands of failed statements calls this method: all calls share one attempt and one wait.
    if (this.#awaited === raising) return;
    this.#awaited = raising;
    this.#checked = Promise.race([raising, pause(this.#world, patienceMs, this.#stopping.signal)]);
  }

  /**
   * Resolves when the ids are raised, or after 2 s without an answer from a participant.
   * @throws Unavailable when stopped: the ids may not be raised.
   */
  async checked(): Promise<void> {
    await this.#checked;
    if (this.#stopping.signal.aborted)
      throw new Unavailable('the service is stopping and no longer checks booking ids');
  }

  async #run(): Promise<void> {
    this.check();
    // The periodic checks call #raiseOnce directly: no booking waits for them.
    const { signal } = this.#stopping;
    for (await this.#checked; !signal.aborted; await this.#raiseOnce()) await pause(this.#world, checkEveryMs, signal);
  }

  /** Concurrent callers share one attempt. */
  #raiseOnce(): Promise<void> {
    this.#raising ??= this.#raise().finally(() => {
      this.#raising = undefined;
    });
    return this.#raising;
  }

  async #raise(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const raised = await raiseIds(this.#store, this.#records);
        if (raised !== undefined) {
          this.#log.warn(
            raised,
            'booking ids were lower than in events or account; raised them; run npm run reconcile -- URL --mend',
          );
        }
        return;
      } catch (err) {
        if (attempt === 1 && !signal.aborted)
          this.#log.warn({ err }, 'could not read the highest booking ids of events and account; retrying');
        await pause(this.#world, retryEveryMs, signal);
      }
    }
  }
}
