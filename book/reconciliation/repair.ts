import type { Mended } from '../../contracts/book/reconciliation.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { inBatches } from '../../platform/collections.ts';
import { pause } from '../../platform/world.ts';
import type { BookStore } from '../bookings/store.ts';
import type { Participants } from '../steps.ts';
import { highestIn, type IdAnnouncer } from './announce-ids.ts';
import { askPatiently, type CompareOptions, confirm, walkTrios } from './compare.ts';
import { raiseIds } from './raise-ids.ts';
import { isOpen, type Repair, repairFor, type Trio } from './rules.ts';

/** What a mending is made with. */
export interface RepairOptions extends CompareOptions {
  readonly participants: Participants;
  readonly bookings: Pick<BookStore, 'cancel'>;
  readonly announcer: Pick<IdAnnouncer, 'announce'>;
}

/** How many bookings on their way are looked after at once, and for how long, in milliseconds. */
const mostWatched = 5_000;
const settleWithinMs = 15_000;
const everyMs = 100;
/**
 * What was mended may have to be mended once more: a booking that finds its slot sold is canceled by the refusal, and
 * its payment is given back after that.
 */
const rounds = 3;
const callSet = 500;

/**
 * Puts right what a database that was restored from an older copy left behind, whichever service's it was. Bookings are
 * moved only to where the saga takes them from; the rest is the saga's. Asked again, it does nothing more.
 */
export async function repair(options: RepairOptions): Promise<Mended> {
  // Before anything else, and before anyone books: a new booking must not meet the record of a lost one.
  const ids = await raiseIds(options.store, options.records);
  const told = { personId: 0, eventId: 0 };
  const mended = {
    ...(ids && { ids }),
    reoccupied: 0,
    canceled: 0,
    refunding: 0,
    slots_released: 0,
    payments_refunded: 0,
    unsettled: 0,
  };
  // Those that are open are looked at again, too, when they have settled: an older copy has them in the middle of a
  // way that they went to its end long ago, and old answers lead them on.
  const watched = new Set<number>();
  const repairBatch = async (offenders: readonly Trio[]) => {
    for (const id of await repairTrios(options, offenders, mended)) watched.add(id);
  };
  const settle = async () => {
    for (let round = 0; round < rounds && watched.size > 0; round += 1) {
      const ids = [...watched];
      watched.clear();
      mended.unsettled += await waitUntilSettled(options, ids);
      for (const some of inBatches(ids, callSet)) await repairBatch(await confirm(options, some));
    }
    watched.clear();
  };
  for await (const { trios, offenders } of walkTrios(options)) {
    // Nor must a new person or event be the one that these records are about.
    const seen = highestIn(trios);
    if (seen.personId > told.personId || seen.eventId > told.eventId) {
      told.personId = Math.max(told.personId, seen.personId);
      told.eventId = Math.max(told.eventId, seen.eventId);
      await askPatiently(options, 1, () => options.announcer.announce(told));
    }
    await repairBatch(offenders);
    for (const trio of trios) if (isOpen(trio)) watched.add(trio.bookingId);
    if (options.progress) options.progress.checked.bookings += trios.length;
    if (watched.size >= mostWatched) await settle();
  }
  await settle();
  return mended;
}

type Counts = { -readonly [Name in Exclude<keyof Mended, 'ids'>]: Mended[Name] };

/** Mends a set. @returns the ids of the bookings that were set going. */
async function repairTrios(options: RepairOptions, offenders: readonly Trio[], mended: Counts): Promise<number[]> {
  const { store, bookings, world } = options;
  const sets = Map.groupBy(offenders, repairFor);
  const idsOf = (mending: Repair) => (sets.get(mending) ?? []).map(({ bookingId }) => bookingId);
  const now = new Date(world.now());
  const [again, back, over] = [idsOf('occupy'), idsOf('refund'), idsOf('cancel')];
  if (again.length > 0) mended.reoccupied += await store.occupyAgain(again, now);
  if (back.length > 0) mended.refunding += await store.refundAgain(back, now);
  if (over.length > 0) {
    // The reason for which it was once given back is lost with the copy's future.
    const cancellations = over.map((id) => ({ id, reason: 'undone' }));
    mended.canceled += (await bookings.cancel(cancellations, now, now)).length;
  }
  await undo(options, sets.get('undo') ?? [], mended);
  return [...again, ...back, ...over];
}

/**
 * Gives back what is held without a booking, in the order of the saga. Both participants are told, so that the one that
 * has not been asked yet leaves a mark, and grants nothing to a question that is late.
 */
async function undo({ participants }: RepairOptions, orphans: readonly Trio[], mended: Counts): Promise<void> {
  for (const set of inBatches(orphans, callSet)) {
    await participants.account.refund(set.map(({ slot, payment }) => requestOf(payment ?? slot)));
    await participants.events.release(set.map(({ slot, payment }) => requestOf(slot ?? payment)));
    mended.payments_refunded += set.filter(({ payment }) => payment?.state === 'paid').length;
    mended.slots_released += set.filter(({ slot }) => slot?.state === 'granted').length;
  }
}

function requestOf(entry: StepRequest | undefined): StepRequest {
  if (entry === undefined) throw new TypeError('what is undone has a record');
  const { bookingId, eventId, personId } = entry;
  return { bookingId, eventId, personId };
}

/** Waits until all have settled, or for as long as that should take. Answers how many have not. */
async function waitUntilSettled({ store, world, isStopped }: RepairOptions, ids: readonly number[]): Promise<number> {
  const untilMs = world.now() + settleWithinMs;
  for (;;) {
    const open = await store.countOpen(ids);
    if (open === 0 || world.now() >= untilMs || isStopped?.()) return open;
    await pause(world, everyMs);
  }
}
