import type { Mended } from '../../contracts/book/reconciliation.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { inBatches } from '../../platform/collections.ts';
import { pause } from '../../platform/world.ts';
import type { BookStore } from '../bookings/store.ts';
import type { Participants } from '../saga/actions.ts';
import { highestIn, type IdAnnouncer } from './announce-ids.ts';
import type { CompareOptions } from './compare.ts';
import { raiseIds } from './raise-ids.ts';
import { type Repair, repairFor } from './repair-rules.ts';
import { isOpen, type Trio } from './rules.ts';
import { askPatiently, confirm, walkTrios } from './walks.ts';

export interface RepairOptions extends CompareOptions {
  readonly participants: Participants;
  readonly bookings: Pick<BookStore, 'cancel'>;
  readonly announcer: Pick<IdAnnouncer, 'announce'>;
}

/** The maximum number of bookings that are watched at once until they settle. */
const maxWatched = 5_000;
/** How long the repair waits for watched bookings to settle, in milliseconds. */
const settleWithinMs = 15_000;
/** The interval at which the open ones are counted during this wait, in milliseconds. */
const everyMs = 100;
/**
 * The maximum number of times that the watched bookings are checked and repaired again. One case: a repaired booking's
 * slot was sold meanwhile, so events refuses to grant it again, the booking is canceled, and its payment must be
 * refunded.
 */
const rounds = 3;
const maxBatch = 500;

/**
 * Repairs the records after one service's database was restored from an older copy. Bookings move only to states from
 * which the saga continues. Repeating a repair changes nothing more.
 */
export async function repair(options: RepairOptions): Promise<Mended> {
  // First of all: a new booking must not get the id of a lost one, which the participants still have records of.
  const ids = await raiseIds(options.store, options.records);
  const run = new RepairRun(options);
  await run.walk();
  return { ...(ids && { ids }), ...run.counts };
}

type Counts = { -readonly [Name in Exclude<keyof Mended, 'ids'>]: Mended[Name] };

class RepairRun {
  readonly counts: Counts = {
    reoccupied: 0,
    canceled: 0,
    refunding: 0,
    slots_released: 0,
    payments_refunded: 0,
    unsettled: 0,
  };
  readonly #options: RepairOptions;
  readonly #announced = { personId: 0, eventId: 0 };
  /**
   * The ids of repaired bookings, and of open ones; each is checked again once it has settled. Open ones too, because a
   * restored database may show as open a booking that had settled already: the replies that the participants recorded
   * then carry it on.
   */
  readonly #watched = new Set<number>();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  async walk(): Promise<void> {
    for await (const { trios, offenders } of walkTrios(this.#options)) {
      await this.#announce(trios);
      await this.#repairBatch(offenders);
      for (const trio of trios) if (isOpen(trio)) this.#watched.add(trio.bookingId);
      if (this.#options.progress) this.#options.progress.checked.bookings += trios.length;
      if (this.#watched.size >= maxWatched) await this.#settle();
    }
    await this.#settle();
  }

  /** Announces ids before the repair: a new person or event must not get an id that these records refer to. */
  async #announce(trios: readonly Trio[]): Promise<void> {
    const announced = this.#announced;
    const seen = highestIn(trios);
    if (seen.personId <= announced.personId && seen.eventId <= announced.eventId) return;
    announced.personId = Math.max(announced.personId, seen.personId);
    announced.eventId = Math.max(announced.eventId, seen.eventId);
    await askPatiently(this.#options, 1, () => this.#options.announcer.announce(announced));
  }

  async #repairBatch(offenders: readonly Trio[]): Promise<void> {
    const { store, bookings, world } = this.#options;
    const batches = Map.groupBy(offenders, repairFor);
    const idsOf = (kind: Repair) => (batches.get(kind) ?? []).map(({ bookingId }) => bookingId);
    const now = new Date(world.now());
    const [occupy, refund, cancel] = [idsOf('occupy'), idsOf('refund'), idsOf('cancel')];
    if (occupy.length > 0) this.counts.reoccupied += await store.occupyAgain(occupy, now);
    if (refund.length > 0) this.counts.refunding += await store.refundAgain(refund, now);
    if (cancel.length > 0) {
      // The original reason was lost with the newer database.
      const cancellations = cancel.map((id) => ({ id, reason: 'undone' }));
      this.counts.canceled += (await bookings.cancel(cancellations, now, now)).length;
    }
    await this.#undo(batches.get('undo') ?? []);
    for (const id of [...occupy, ...refund, ...cancel]) this.#watched.add(id);
  }

  /**
   * Undoes slots and payments that have no booking, in the order of the saga. Both participants are called, even when
   * only one has a record: the other one then stores a mark, and refuses a late request for this booking.
   */
  async #undo(orphans: readonly Trio[]): Promise<void> {
    const { participants } = this.#options;
    for (const batch of inBatches(orphans, maxBatch)) {
      await participants.account.refund(batch.map(({ slot, payment }) => requestOf(payment ?? slot)));
      await participants.events.release(batch.map(({ slot, payment }) => requestOf(slot ?? payment)));
      this.counts.payments_refunded += batch.filter(({ payment }) => payment?.state === 'paid').length;
      this.counts.slots_released += batch.filter(({ slot }) => slot?.state === 'granted').length;
    }
  }

  /** Waits until the watched bookings settle, and repairs those that need another repair. */
  async #settle(): Promise<void> {
    for (let round = 0; round < rounds && this.#watched.size > 0; round += 1) {
      const ids = [...this.#watched];
      this.#watched.clear();
      this.counts.unsettled += await this.#waitUntilSettled(ids);
      for (const some of inBatches(ids, maxBatch)) await this.#repairBatch(await confirm(this.#options, some));
    }
    this.#watched.clear();
  }

  /** @returns how many bookings are still open after the wait. */
  async #waitUntilSettled(ids: readonly number[]): Promise<number> {
    const { store, world, isStopped } = this.#options;
    const untilMs = world.now() + settleWithinMs;
    for (;;) {
      const open = await store.countOpen(ids);
      if (open === 0 || world.now() >= untilMs || isStopped?.()) return open;
      await pause(world, everyMs);
    }
  }
}

function requestOf(entry: StepRequest | undefined): StepRequest {
  if (entry === undefined) throw new TypeError('a slot or a payment to undo has no record');
  const { bookingId, eventId, personId } = entry;
  return { bookingId, eventId, personId };
}
