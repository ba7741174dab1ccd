import type { PayRequest, TransferKind } from '../contracts/account/schemas.ts';
import { maxInteger } from '../contracts/fields.ts';
import type { Accepted, Reason, Reply, StepRequest } from '../contracts/step.ts';
import { Contradiction } from '../platform/errors.ts';

/** What was once answered to a booking. `undone`: it was refunded before it paid, and must not pay any more. */
export type PaymentRecord = StepRequest &
  (
    | { readonly state: 'paid' | 'refunded'; readonly amount: number }
    | { readonly state: 'refused'; readonly amount: number; readonly reason: Reason }
    | { readonly state: 'undone' }
  );
/** A payment that was really made. */
export type PaidRecord = Extract<PaymentRecord, { readonly state: 'paid' | 'refunded' }>;

/** What is known under the lock: the balances of a set's people by their id, and the records of its bookings. */
export interface Known {
  readonly balances: ReadonlyMap<number, number>;
  readonly records: ReadonlyMap<number, PaymentRecord>;
}

/** The answers to a set, in its order, and what has to be written down for them. */
export interface PayDecision {
  readonly replies: readonly Reply[];
  readonly records: readonly PaymentRecord[];
}

/** The answers to a set, the payments that are moved back, and the marks of those that never paid. */
export interface RefundDecision {
  readonly replies: readonly Accepted[];
  readonly refunded: readonly PaidRecord[];
  readonly marks: readonly PaymentRecord[];
}

/**
 * Decides who of a set can pay. A price of 0 is paid by everyone. A booking that was answered before gets that answer.
 * @throws Contradiction when a booking is about something else than it was before.
 */
export function payBookings(requests: readonly PayRequest[], known: Known): PayDecision {
  const records = new Map(known.records);
  const spent = new Map<number, number>();
  const fresh: PaymentRecord[] = [];
  const replies = requests.map((request) => {
    const earlier = records.get(request.bookingId);
    if (earlier !== undefined) return repeatAnswer(earlier, request);
    const { bookingId, eventId, personId, amount } = request;
    const before = spent.get(personId) ?? 0;
    const canPay = (known.balances.get(personId) ?? 0) - before >= amount;
    const record: PaymentRecord = canPay
      ? { bookingId, eventId, personId, amount, state: 'paid' }
      : { bookingId, eventId, personId, amount, state: 'refused', reason: 'insufficient_funds' };
    if (canPay) spent.set(personId, before + amount);
    records.set(bookingId, record);
    fresh.push(record);
    return repeatAnswer(record, request);
  });
  return { replies, records: fresh };
}

/** A payment that was refunded since was made all the same: whoever asks again is late, and its step leads nowhere. */
function repeatAnswer(record: PaymentRecord, request: PayRequest): Reply {
  requireSameQuestion(record, request);
  if (record.state === 'undone') return { accepted: false, reason: 'undone' };
  if (record.amount !== request.amount) {
    throw new Contradiction(`booking ${request.bookingId} was to pay ${record.amount}, and now ${request.amount}`);
  }
  return record.state === 'refused' ? { accepted: false, reason: record.reason } : { accepted: true };
}

/**
 * Decides what a set of refunds changes. A refund is never refused: what was paid is moved back, once, in the amount
 * that was paid; what never paid is marked, so that it does not when its question arrives late.
 * @throws Contradiction when a booking names another event or person than before.
 */
export function refundBookings(requests: readonly StepRequest[], known: Pick<Known, 'records'>): RefundDecision {
  const refunded = new Map<number, PaidRecord>();
  const marks = new Map<number, PaymentRecord>();
  for (const request of requests) {
    const { bookingId, eventId, personId } = request;
    const earlier = known.records.get(bookingId) ?? marks.get(bookingId);
    if (earlier === undefined) marks.set(bookingId, { bookingId, eventId, personId, state: 'undone' });
    else requireSameQuestion(earlier, request);
    if (earlier?.state === 'paid') refunded.set(bookingId, earlier);
  }
  return {
    replies: requests.map(() => ({ accepted: true })),
    refunded: [...refunded.values()],
    marks: [...marks.values()],
  };
}

/** How much a transfer adds to the balance of its person; below zero for what is paid, and what is paid out. */
export function addedBy({ kind, amount }: { readonly kind: TransferKind; readonly amount: number }): number {
  return kind === 'payment' || kind === 'payout' ? -amount : amount;
}

/** How much a transfer adds to all that its person ever paid in. */
export function paidInBy({ kind, amount }: { readonly kind: TransferKind; readonly amount: number }): number {
  return kind === 'deposit' || kind === 'credit' ? amount : 0;
}

/**
 * Whether money may be paid in. All deposits and credits of a person together stay within what a number holds exactly,
 * so that no refund can ever lead beyond it: nobody gets back more than was once paid in. A payout makes no room for
 * more, though it could: what was ever paid in is a sum, too, and has to be told exactly.
 */
export function mayPayIn(paidInBefore: number, delta: number): boolean {
  return delta <= maxInteger - paidInBefore;
}

/** Whether money may be paid out: no more than there is. What has been paid for bookings is not there. */
export function mayPayOut(balance: number, delta: number): boolean {
  return delta <= balance;
}

/** Two bookings under one id would share a payment: no answer is right, so there is none. */
function requireSameQuestion(record: PaymentRecord, request: StepRequest): void {
  if (record.eventId === request.eventId && record.personId === request.personId) return;
  throw new Contradiction(
    `booking ${request.bookingId} was about event ${record.eventId} and person ${record.personId}, ` +
      `and now is about event ${request.eventId} and person ${request.personId}`,
  );
}
