import type { PayRequest } from '../../contracts/account/calls.ts';
import type { TransferKind } from '../../contracts/account/schemas.ts';
import { maxInteger } from '../../contracts/fields.ts';
import type { Accepted, Reason, Reply, StepRequest } from '../../contracts/step.ts';
import { answerOnce, type Step, type StepRecord, undoOnce } from '../../saga/participant/answer-once.ts';

/** A payment that was made. */
export interface PaidRecord extends PayRequest {
  readonly state: 'paid' | 'refunded';
}

interface PaymentRefused extends Omit<PayRequest, 'desk'> {
  readonly state: 'refused';
  readonly reason: Reason;
}

/** The recorded reply to a payment. `undone`: the refund arrived before the payment, so the payment is refused. */
export type PaymentRecord = StepRecord<StepRequest, PaidRecord, PaymentRefused>;

const payment: Step<StepRequest, PaidRecord> = {
  subject: 'booking',
  made: 'paid',
  compensated: 'refunded',
  facts: ['eventId', 'personId', 'amount'],
  keyOf: ({ bookingId }) => bookingId,
  questionOf: ({ bookingId, eventId, personId }) => ({ bookingId, eventId, personId }),
};

/** The balances and records that were read while the accounts of a batch were locked. */
export interface Known {
  /** By person id. */
  readonly balances: ReadonlyMap<number, number>;
  /** The total that each person ever paid in, by person id. */
  readonly paidIn: ReadonlyMap<number, number>;
  /** By booking id. */
  readonly records: ReadonlyMap<number, PaymentRecord>;
  /** The references of the batch that are used already. */
  readonly usedReferences: ReadonlySet<string>;
}

/** The replies to a batch, in its order, and the records to store. */
export interface PayDecision {
  readonly replies: readonly Reply[];
  readonly records: readonly PaymentRecord[];
}

/** The replies to a batch, the payments to refund, and the marks of bookings that never paid. */
export interface RefundDecision {
  readonly replies: readonly Accepted[];
  readonly refunded: readonly PaidRecord[];
  readonly marks: readonly PaymentRecord[];
}

/**
 * Decides which bookings of a batch can pay, in the order of the batch. A price of 0 can always be paid. Money that was
 * taken at a desk pays without the balance, once for each reference.
 * @throws Contradiction when a booking names another event, person or amount than before.
 */
export function payBookings(requests: readonly PayRequest[], known: Known): PayDecision {
  const spent = new Map<number, number>();
  const paidIn = new Map<number, number>();
  const used = new Set(known.usedReferences);
  const { replies, fresh } = answerOnce(payment, requests, known.records, {
    accept: () => ({ accepted: true as const }),
    decide({ bookingId, eventId, personId, amount, desk }: PayRequest): PaidRecord | PaymentRefused {
      const refused = (reason: Reason) =>
        ({ bookingId, eventId, personId, amount, state: 'refused', reason }) satisfies PaymentRefused;
      if (desk !== undefined) {
        if (used.has(desk.reference)) return refused('reference_used');
        const before = paidIn.get(personId) ?? known.paidIn.get(personId) ?? 0;
        if (!mayPayIn(before, amount)) return refused('amount_too_large');
        used.add(desk.reference);
        paidIn.set(personId, before + amount);
        return { bookingId, eventId, personId, amount, desk, state: 'paid' };
      }
      const before = spent.get(personId) ?? 0;
      if ((known.balances.get(personId) ?? 0) - before < amount) return refused('insufficient_funds');
      spent.set(personId, before + amount);
      return { bookingId, eventId, personId, amount, state: 'paid' };
    },
  });
  return { replies, records: fresh };
}

/**
 * Decides which payments a batch of refunds pays back, each in full. A refund is never refused.
 * @throws Contradiction when a booking names another event or person than before.
 */
export function refundBookings(requests: readonly StepRequest[], known: Pick<Known, 'records'>): RefundDecision {
  const { undone, marks } = undoOnce(payment, requests, known.records);
  return { replies: requests.map(() => ({ accepted: true })), refunded: undone, marks };
}

/** The amount that a transfer adds to its person's balance; negative for payments and payouts. */
export function addedBy({ kind, amount }: { readonly kind: TransferKind; readonly amount: number }): number {
  return kind === 'payment' || kind === 'payout' ? -amount : amount;
}

/** The amount that a transfer adds to the total that its person ever paid in. */
export function paidInBy({ kind, amount }: { readonly kind: TransferKind; readonly amount: number }): number {
  return kind === 'deposit' || kind === 'credit' ? amount : 0;
}

/** The message to a person or an admin when `mayPayIn` is false. */
export const paidInTooMuch = 'The total paid in by one person cannot exceed 2^53 - 1.';

/**
 * Whether money may be paid in. The total of a person's deposits and credits must stay an exact integer. A balance
 * never exceeds this total, so a refund keeps it exact as well. A payout does not lower the total, because the total
 * ever paid in is shown too and must stay exact.
 */
export function mayPayIn(paidInBefore: number, delta: number): boolean {
  return delta <= maxInteger - paidInBefore;
}

/** Whether money may be paid out: at most the balance, which no longer includes money paid for bookings. */
export function mayPayOut(balance: number, delta: number): boolean {
  return delta <= balance;
}
