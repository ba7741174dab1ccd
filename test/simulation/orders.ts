import type { Booking, BookingDraft } from '../../book/saga/booking-schema.ts';
import type { BookingRow } from './tables.ts';

/** What a request to book asks for. The stored booking and every answer about it must say the same. */
interface Order {
  readonly personId: number;
  readonly eventId: number;
  readonly expectedPrice?: number | null | undefined;
  readonly byHand?: { readonly price: number | null; readonly deskReference?: string | null | undefined } | undefined;
}

function wordsOf({ personId, eventId, expectedPrice, byHand }: Order): string {
  const who = `event ${eventId} for person ${personId}`;
  if (byHand) return `${who} by hand for ${byHand.price}, receipt: ${byHand.deskReference ?? 'none'}`;
  return `${who} at ${expectedPrice ?? 'any price'}`;
}

export function wordsOfDraft(draft: BookingDraft): string {
  return wordsOf(draft);
}

export function wordsOfBooking({ byHand, ...booking }: Booking): string {
  return wordsOf({ ...booking, byHand: byHand && { ...byHand, price: booking.price } });
}

export function wordsOfRow({ madeBy, ...row }: BookingRow): string {
  return wordsOf({ ...row, byHand: madeBy === null ? undefined : row });
}
