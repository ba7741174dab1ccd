import type { PaymentEntry, SlotEntry } from '../../contracts/records.ts';
import type { BookingEntry, Trio } from './rules.ts';

/** One page of records from each of the three services, all after the same booking id. */
export interface TrioPage {
  readonly bookings: readonly BookingEntry[];
  readonly slots: readonly SlotEntry[];
  readonly payments: readonly PaymentEntry[];
}

/**
 * Joins three pages of at most `limit` rows. A full page may be followed by more rows, so the join ends at the lowest
 * id at which a full page ends.
 * @returns the joined records, and the id after which the next pages start; undefined at the end.
 */
export function joinPages(page: TrioPage, limit: number): { trios: Trio[]; next: number | undefined } {
  const all = [page.bookings, page.slots, page.payments];
  const ends = all.flatMap((rows) => (rows.length < limit ? [] : (rows.at(-1)?.bookingId ?? [])));
  const end = Math.min(...ends);
  const trios = joinAll(page).filter(({ bookingId }) => bookingId <= end);
  return { trios, next: ends.length === 0 ? undefined : end };
}

/** Joins records by booking id, in the order of the ids. */
export function joinAll({ bookings, slots, payments }: TrioPage): Trio[] {
  const [bookingOf, slotOf, paymentOf] = [byId(bookings), byId(slots), byId(payments)];
  const ids = new Set([...bookingOf.keys(), ...slotOf.keys(), ...paymentOf.keys()]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((bookingId) => ({
      bookingId,
      booking: bookingOf.get(bookingId),
      slot: slotOf.get(bookingId),
      payment: paymentOf.get(bookingId),
    }));
}

function byId<Row extends { readonly bookingId: number }>(rows: readonly Row[]): Map<number, Row> {
  return new Map(rows.map((row) => [row.bookingId, row]));
}
