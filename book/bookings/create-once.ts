import type { Database } from '../../platform/database/database.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Booking, BookingDraft } from '../saga/booking-schema.ts';
import type { BookingEngine } from './booking-engine.ts';
import { idempotencyStore } from './insert-store.ts';

/** Maps idempotency keys to bookings. The keys of new bookings are written by the store, in the same transaction. */
export interface BookingKeys {
  /** Finds the booking of a key. @throws KeyReused when the key was sent with a different request. */
  idOf(keyed: Keyed): Promise<number | undefined>;
  /** Maps a key to an existing booking, unless the key is taken. @throws KeyReused as above. */
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

export interface CreateOnceParts {
  readonly engine: Pick<BookingEngine, 'create' | 'settled'>;
  readonly keys: Pick<BookingKeys, 'idOf'>;
}

/**
 * Creates a booking, or returns the one created earlier with the same idempotency key. A key and its booking are stored
 * together, so a repeated request waits like the first one and gets the booking's current state.
 * @throws KeyReused when the key was sent with a different request, and everything that `Engine.create` throws.
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
  // The draft was not stored because its key existed. The key is gone now, so its 24 hours ended in between.
  if (earlier === undefined)
    throw new Unavailable('the idempotency key expired during this request; send the request again');
  return earlier;
}
