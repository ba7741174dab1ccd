import type { FindingKind } from '../../contracts/book/reconciliation.ts';
import type { PaymentEntry, SlotEntry } from '../../contracts/records.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { bookingSaga, type Status } from '../saga/table.ts';

/** The part of a booking that is compared with the participants' records. */
export interface BookingEntry {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
  readonly price: number | null;
  readonly state: Status;
  /** When the booking became open; null once it has settled. */
  readonly openSince: Date | null;
}

/** The records of the three services under one booking id. */
export interface Trio {
  readonly bookingId: number;
  readonly booking: BookingEntry | undefined;
  readonly slot: SlotEntry | undefined;
  readonly payment: PaymentEntry | undefined;
}

/** An error in the records. */
export interface Finding {
  readonly kind: FindingKind;
  readonly bookingId?: number;
  readonly eventId?: number;
  readonly personId?: number;
  readonly words: string;
}

/** The time after which an open booking is a finding, in milliseconds. */
export const openForMs = 60_000;

export function isOpen({ booking }: Trio): boolean {
  return booking !== undefined && bookingSaga.isOpen(booking.state);
}

/**
 * Finds the errors under one booking id. The three records of an open booking may have been read at different moments,
 * so only what holds at any moment is checked: how long the booking has been open, and that the records name the same
 * person and event. In the state paying, the amount of the payment must also be the price: that amount never changes.
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
    wrong.push({ kind: 'open_too_long', bookingId, words: `${booking.state} for ${seconds} s` });
  }
  return wrong;
}

function judgeOrphan({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot?.state === 'granted') {
    const words = `slot granted at event ${slot.eventId}, but the booking does not exist`;
    wrong.push({ kind: 'slot_without_booking', bookingId, words });
  }
  if (payment?.state === 'paid') {
    const words = `${payment.amount} paid, but the booking does not exist`;
    wrong.push({ kind: 'payment_without_booking', bookingId, words });
  }
  return wrong;
}

/**
 * The states of a slot or a payment that contradict a complete booking. A state of a newer version is not judged: the
 * repair would undo a valid booking.
 */
const undoneStates: readonly string[] = ['refused', 'released', 'refunded', 'undone'];

function judgeComplete({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot === undefined) wrong.push({ kind: 'slot_missing', bookingId, words: 'complete without a slot' });
  else if (undoneStates.includes(slot.state)) {
    wrong.push({ kind: 'slot_undone', bookingId, words: `complete, but the slot is ${slot.state}` });
  }
  if (payment === undefined) {
    wrong.push({ kind: 'payment_missing', bookingId, words: 'complete without a payment' });
  } else if (undoneStates.includes(payment.state)) {
    wrong.push({ kind: 'payment_undone', bookingId, words: `complete, but the payment is ${payment.state}` });
  }
  return wrong;
}

function judgeCanceled({ bookingId, slot, payment }: Trio): Finding[] {
  const wrong: Finding[] = [];
  if (slot?.state === 'granted') {
    const words = `canceled, but still holds a slot at event ${slot.eventId}`;
    wrong.push({ kind: 'slot_kept', bookingId, words });
  }
  if (payment?.state === 'paid') {
    const words = `canceled, but the payment of ${payment.amount} was not refunded`;
    wrong.push({ kind: 'payment_kept', bookingId, words });
  }
  return wrong;
}

/**
 * Checks that the records agree on person and event and, for a paying or complete booking, on the price. The price of a
 * canceled booking is not checked, because its payment was refunded in full.
 */
function judgeAgreement({ slot, payment }: Trio, booking: BookingEntry): Finding[] {
  const { bookingId } = booking;
  const wrong = (words: string): Finding[] => [{ kind: 'records_disagree', bookingId, words }];
  const [its, slots, payments] = [booking, slot, payment].map((each) => each && identityOf(each));
  if (slots !== undefined && slots !== its) return wrong(`booking of ${its}, slot of ${slots}`);
  if (payments !== undefined && payments !== its) return wrong(`booking of ${its}, payment of ${payments}`);
  const { price } = booking;
  if (price === null) return [];
  if (booking.state === 'paying' && payment && payment.amount !== null && payment.amount !== price) {
    const words = `price ${price}, but a payment of ${payment.amount}`;
    return [{ kind: 'price_differs', bookingId, words }];
  }
  if (booking.state !== 'complete') return [];
  if (slot && slot.price !== null && slot.price !== price) {
    return wrong(`price ${price}, but a slot granted at ${slot.price}`);
  }
  if (payment && payment.amount !== null && payment.amount !== price) {
    return wrong(`price ${price}, but a payment of ${payment.amount}`);
  }
  return [];
}

function identityOf({ personId, eventId }: Omit<StepRequest, 'bookingId'>): string {
  return `person ${personId} at event ${eventId}`;
}
