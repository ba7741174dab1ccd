import type { FindingKind } from '../../contracts/book/reconciliation.ts';
import type { BalanceEntry, PaymentEntry, SlotCounter, SlotEntry, TransferSum } from '../../contracts/records.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { registration, type Status } from '../registration.ts';

/** A booking, as far as it is compared with what its participants know. */
export interface BookingEntry {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
  readonly price: number | null;
  readonly state: Status;
  /** Since when something remains to be done; nothing once it has settled. */
  readonly openSince: Date | null;
}

/** What each of the three services has under the id of one booking. */
export interface Trio {
  readonly bookingId: number;
  readonly booking: BookingEntry | undefined;
  readonly slot: SlotEntry | undefined;
  readonly payment: PaymentEntry | undefined;
}

/** Something that is wrong: with whom, and in words. */
export interface Finding {
  readonly kind: FindingKind;
  readonly bookingId?: number;
  readonly eventId?: number;
  readonly personId?: number;
  readonly words: string;
}

/** For how long a booking may be open before it is named, in milliseconds. */
export const openForMs = 60_000;

/** Whether something remains to be done about a booking. */
export function isOpen({ booking }: Trio): boolean {
  return booking !== undefined && registration.isOpen(booking.state);
}

/**
 * Names what is wrong under one id. What is read while a booking is under way may be of different moments, so that of
 * an open booking only this is said: that it has been open for too long, that its records are another's, and that its
 * payment, which never changes its amount, is one of another price.
 */
export function judgeTrio(trio: Trio, nowMs: number): Finding[] {
  const { booking } = trio;
  if (booking === undefined) return judgeOrphan(trio);
  const wrong = [...judgeAgreement(trio, booking)];
  if (booking.state === 'complete') wrong.push(...judgeComplete(trio));
  if (booking.state === 'canceled') wrong.push(...judgeCanceled(trio));
  const { bookingId, openSince } = booking;
  if (openSince !== null && nowMs - openSince.getTime() > openForMs) {
    const seconds = Math.round((nowMs - openSince.getTime()) / 1_000);
    wrong.push({ kind: 'open_too_long', bookingId, words: `it has been ${booking.state} for ${seconds} s` });
  }
  return wrong;
}

function judgeOrphan({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot?.state === 'granted') {
    const words = `a slot at event ${slot.eventId} is granted to it, and there is no such booking`;
    wrong.push({ kind: 'slot_without_booking', bookingId, words });
  }
  if (payment?.state === 'paid') {
    const words = `${payment.amount} was paid for it, and there is no such booking`;
    wrong.push({ kind: 'payment_without_booking', bookingId, words });
  }
  return wrong;
}

function judgeComplete({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot === undefined) wrong.push({ kind: 'slot_missing', bookingId, words: 'it is complete and has no slot' });
  else if (slot.state !== 'granted') {
    wrong.push({ kind: 'slot_undone', bookingId, words: `it is complete and its slot is ${slot.state}` });
  }
  if (payment === undefined) {
    wrong.push({ kind: 'payment_missing', bookingId, words: 'it is complete and was not paid' });
  } else if (payment.state !== 'paid') {
    wrong.push({ kind: 'payment_undone', bookingId, words: `it is complete and its payment is ${payment.state}` });
  }
  return wrong;
}

function judgeCanceled({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot?.state === 'granted') {
    const words = `it is canceled and still holds a slot at event ${slot.eventId}`;
    wrong.push({ kind: 'slot_kept', bookingId, words });
  }
  if (payment?.state === 'paid') {
    const words = `it is canceled and its ${payment.amount} were not paid back`;
    wrong.push({ kind: 'payment_kept', bookingId, words });
  }
  return wrong;
}

/**
 * Whose booking it is, where and for how much: all three must say the same. A canceled one was given back what it paid,
 * whatever its price.
 */
function judgeAgreement({ slot, payment }: Trio, booking: BookingEntry): Finding[] {
  const { bookingId } = booking;
  const wrong = (words: string): Finding[] => [{ kind: 'records_disagree', bookingId, words }];
  const [its, slots, payments] = [booking, slot, payment].map((each) => each && identityOf(each));
  if (slots !== undefined && slots !== its) return wrong(`it is ${its}, and its slot is ${slots}`);
  if (payments !== undefined && payments !== its) return wrong(`it is ${its}, and its payment is ${payments}`);
  const { price } = booking;
  if (price === null) return [];
  if (booking.state === 'paying' && payment && payment.amount !== null && payment.amount !== price) {
    const words = `it is to pay ${price}, and its payment is one of ${payment.amount}`;
    return [{ kind: 'price_differs', bookingId, words }];
  }
  if (booking.state !== 'complete') return [];
  if (slot && slot.price !== null && slot.price !== price) {
    return wrong(`its price is ${price}, and its slot was granted for ${slot.price}`);
  }
  if (payment && payment.amount !== null && payment.amount !== price) {
    return wrong(`its price is ${price}, and its payment is one of ${payment.amount}`);
  }
  return [];
}

function identityOf({ personId, eventId }: Omit<StepRequest, 'bookingId'>): string {
  return `person ${personId}'s at event ${eventId}`;
}

/** How something that is wrong under an id can be put right. */
export type Repair = 'occupy' | 'cancel' | 'refund' | 'undo';

/**
 * Says how to mend what is wrong under one id:
 * - `occupy`: a complete booking lacks a slot or a payment of which no participant knows: it is to be had again.
 * - `cancel`: a complete booking lacks what a participant knows it gave back. To ask again would be answered by that
 *   record, as if nothing had been given back: so the rest is given back, too. Or one that is paying has a payment of
 *   another price, because a slot was granted anew at the price of a later day: account answers neither.
 * - `refund`: a canceled booking still holds something: it is to be given back.
 * - `undo`: there is no booking, and something is held.
 *
 * Nothing, where records disagree about whose booking it is: whoever asks for it would be told of a contradiction.
 */
export function repairFor(trio: Trio): Repair | undefined {
  const kinds = new Set(judgeTrio(trio, 0).map(({ kind }) => kind));
  if (kinds.has('records_disagree')) return undefined;
  if (kinds.has('slot_without_booking') || kinds.has('payment_without_booking')) return 'undo';
  if (kinds.has('slot_kept') || kinds.has('payment_kept')) return 'refund';
  if (kinds.has('price_differs') || kinds.has('slot_undone') || kinds.has('payment_undone')) return 'cancel';
  if (kinds.has('slot_missing') || kinds.has('payment_missing')) return 'occupy';
  return undefined;
}

/** An event's counter is the number of its granted slots, and at most its total. */
export function judgeCounter({ eventId, totalSlots, takenSlots, granted }: SlotCounter): Finding[] {
  const wrong: Finding[] = [];
  if (takenSlots !== granted) {
    const words = `its counter says that ${takenSlots} slots are taken, and ${granted} are granted`;
    wrong.push({ kind: 'slots_miscounted', eventId, words });
  }
  if (Math.max(takenSlots, granted) > totalSlots) {
    const words = `it has ${totalSlots} slots, and ${Math.max(takenSlots, granted)} are taken`;
    wrong.push({ kind: 'oversold', eventId, words });
  }
  return wrong;
}

/** A balance is the sum of a person's transfers, and each booking's transfers are those of its payment. */
export function judgeBalance({ personId, balance, posted, deposited, deposits, misposted }: BalanceEntry): Finding[] {
  const wrong: Finding[] = [];
  if (BigInt(posted) !== BigInt(balance)) {
    const words = `the balance is ${balance}, and the transfers come to ${posted}`;
    wrong.push({ kind: 'balance_differs', personId, words });
  }
  if (BigInt(deposits) !== BigInt(deposited)) {
    const words = `${deposited} is noted as deposited, and the deposits come to ${deposits}`;
    wrong.push({ kind: 'balance_differs', personId, words });
  }
  for (const bookingId of misposted) {
    const words = 'its transfers are not those of its payment';
    wrong.push({ kind: 'payment_misposted', bookingId, personId, words });
  }
  return wrong;
}

/** An event is somebody's: of one whom auth has lost only admins can see to it. */
export function judgeOrganizer({ eventId, organizerId, isKnown }: SlotCounter & WithPerson): Finding[] {
  if (isKnown || organizerId === undefined) return [];
  const words = `person ${organizerId} organizes it, and auth knows no such person`;
  return [{ kind: 'organizer_unknown', eventId, personId: organizerId, words }];
}

/** Whoever has an account is somebody: money of a person whom auth has lost is nobody's. */
export function judgePerson({ personId, balance, isKnown }: BalanceEntry & WithPerson): Finding[] {
  const words = `there is an account with ${balance}, and auth knows no such person`;
  return isKnown ? [] : [{ kind: 'person_unknown', personId, words }];
}

/** Whether auth knows the person that a row is about. */
interface WithPerson {
  readonly isKnown: boolean;
}

/** Both sides of all transfers come to nothing, and whoever moved money has an account. */
export function judgeTransfers({ lastTransferId, transfers, sum, strangers }: TransferSum): Finding[] {
  const unbalanced: Finding = {
    kind: 'books_unbalanced',
    words: `the ${transfers} transfers up to ${lastTransferId} come to ${sum}, not to 0`,
  };
  const unknown = strangers.map((personId): Finding => {
    return { kind: 'account_missing', personId, words: 'money was moved, and there is no account' };
  });
  return BigInt(sum) === 0n ? unknown : [unbalanced, ...unknown];
}

/** The rows of one page from each of the three services, all after the same booking. */
export interface TrioPage {
  readonly bookings: readonly BookingEntry[];
  readonly slots: readonly SlotEntry[];
  readonly payments: readonly PaymentEntry[];
}

/**
 * Joins three pages of at most `limit` rows. A full page says nothing of what comes after its last row, so all ends
 * with the full page that ends first.
 * @returns what stands under each id up to there, and after which id the next pages begin; nothing when all is read.
 */
export function joinPages(page: TrioPage, limit: number): { trios: Trio[]; next: number | undefined } {
  const all = [page.bookings, page.slots, page.payments];
  const ends = all.flatMap((rows) => (rows.length < limit ? [] : (rows.at(-1)?.bookingId ?? [])));
  const end = Math.min(...ends);
  const trios = joinAll(page).filter(({ bookingId }) => bookingId <= end);
  return { trios, next: ends.length === 0 ? undefined : end };
}

/** Joins what the three services have under the same ids, in the order of the ids. */
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
