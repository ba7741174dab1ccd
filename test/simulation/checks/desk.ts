import { addedBy } from '../../../account/payments/payments.ts';
import type { PaymentRow, Tables, TransferRow, VoucherRow } from '../tables.ts';

/** The vouchers of a payment at the desk: of the money that came in, and of the refund. */
export function vouchersOf({ bookingId, deskReference }: PaymentRow, { vouchers }: Tables): VoucherRow[] {
  if (deskReference === null) return [];
  const refund = `${deskReference}: refund of booking ${bookingId}`;
  return vouchers.filter(({ reference }) => reference === deskReference || reference === refund);
}

/** The sum that came in for each person by payments at the desk. */
export function creditsAtDesk(tables: Tables): Map<number, number> {
  const credits = new Map<number, number>();
  for (const payment of tables.payments) {
    for (const { kind, personId, amount } of transfersOf(payment, tables)) {
      if (kind === 'credit') credits.set(personId, (credits.get(personId) ?? 0) + amount);
    }
  }
  return credits;
}

/**
 * A payment at the desk comes in under its reference and is spent at once; a refund goes out again at once. Both leave
 * the balance as it is, and a reference pays for one booking.
 */
export function checkDesk(tables: Tables): string[] {
  const { payments, bookings } = tables;
  const atDesk = payments.filter(({ deskReference }) => deskReference !== null);
  const offences = atDesk.flatMap((payment) => checkPayment(payment, tables));
  for (const [reference, own] of Map.groupBy(atDesk, ({ deskReference }) => deskReference)) {
    const ids = own.map(({ bookingId }) => bookingId);
    if (ids.length > 1) offences.push(`${reference} paid for the bookings ${ids}`);
  }
  for (const { bookingId, state, deskReference } of payments) {
    const asked = bookings.find(({ id }) => id === bookingId)?.deskReference ?? null;
    if (!['paid', 'refunded'].includes(state) || asked === deskReference) continue;
    offences.push(
      `booking ${bookingId} was paid with ${deskReference ?? 'the balance'}, not ${asked ?? 'the balance'}`,
    );
  }
  return offences;
}

function checkPayment(payment: PaymentRow, tables: Tables): string[] {
  const { bookingId, personId, state, amount } = payment;
  const line = (kind: string) => `${kind} of ${amount} for person ${personId}`;
  const moves = state === 'refunded' ? ['credit', 'payment', 'refund', 'payout'] : ['credit', 'payment'];
  const expected = state === 'paid' || state === 'refunded' ? moves.map(line) : [];
  const made = transfersOf(payment, tables);
  const lines = made.map((each) => `${each.kind} of ${each.amount} for person ${each.personId}`);
  const offences =
    `${lines.toSorted()}` === `${expected.toSorted()}`
      ? []
      : [`the desk payment of booking ${bookingId} is ${state}, but its transfers are: ${lines}`];
  const left = made.reduce((sum, each) => sum + addedBy(each), 0);
  if (left !== 0) offences.push(`the desk payment of booking ${bookingId} left ${left} on the balance`);
  return offences;
}

/** The transfers of a payment at the desk: those of its booking and those of its vouchers. */
function transfersOf(payment: PaymentRow, tables: Tables): TransferRow[] {
  if (payment.deskReference === null) return [];
  const ids = new Set(vouchersOf(payment, tables).map(({ transferId }) => transferId));
  return tables.transfers.filter(({ id, bookingId }) => bookingId === payment.bookingId || ids.has(id));
}
