import type { Database } from '../../platform/database/database.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Engine } from '../../saga/coordinator/engine.ts';
import type { Status } from '../registration.ts';
import { type Booking, type BookingDraft, idempotencyStore, type StepReply } from './store.ts';

/** The idempotency keys that stand for bookings. Those of new bookings are kept by the store, in their transaction. */
export interface BookingKeys {
  /**
   * The booking that a key stands for.
   * @throws KeyReused when something else was asked for under it.
   */
  idOf(keyed: Keyed): Promise<number | undefined>;
  /** Lets a key stand for a booking that is there, unless it stands for one already. @throws KeyReused as above. */
  keep(keyed: Keyed, id: number, now: Date): Promise<void>;
}

export function createBookingKeys(database: Database): BookingKeys {
  return {
    async idOf(keyed) {
      const kept = await idempotencyStore.find(database, keyed);
      return kept && Number(kept.answer);
    },
    async keep(keyed, id, now) {
      const [isNew] = await idempotencyStore.insert(database, [{ ...keyed, answer: `${id}`, refusal: null }], now);
      if (isNew !== true) await idempotencyStore.find(database, keyed);
    },
  };
}

/** What bookings are asked of. */
export interface CreateOnceParts {
  readonly engine: Pick<Engine<Status, Booking, BookingDraft, StepReply>, 'create' | 'settled'>;
  readonly keys: Pick<BookingKeys, 'idOf'>;
}

/**
 * Books, or finds the booking that was made before under the draft's idempotency key: it stands for it from the moment
 * at which the booking is stored, so a repeat waits as the first does, and gets the booking as it stands then.
 * @throws KeyReused when the key was used for another request; and whatever `Engine.create` throws.
 */
export async function createOnce(
  { engine, keys }: CreateOnceParts,
  draft: BookingDraft,
  waitMs: number,
): Promise<Booking> {
  const booking = await engine.create(draft, waitMs);
  if (booking !== undefined) return booking;
  const id = draft.keyed && (await keys.idOf(draft.keyed));
  const earlier = id === undefined ? undefined : await engine.settled(id, waitMs);
  // It was there a moment ago: its 24 hours have passed meanwhile.
  if (earlier === undefined) throw new Unavailable('the key was forgotten while it was asked for');
  return earlier;
}
