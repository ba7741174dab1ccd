import type { Account, PayRequest } from '../../contracts/account/calls.ts';
import { Committing, together } from '../../platform/database/transaction.ts';
import { Contradiction } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { withAccounts } from '../locked-accounts.ts';
import type { AccountRow, AccountStore, AccountTables, Transfer } from '../store.ts';
import { type PaidRecord, type PaymentRecord, payBookings, refundBookings } from './payments.ts';

/**
 * Answers the calls that book makes to account. Each call is one transaction for a batch: lock the accounts, then read
 * the recorded replies, decide by the rules, and write. A refund takes the same lock as a payment, so the payment and
 * the refund of one booking run one after the other.
 */
export function createAccountParticipant(store: AccountStore, world: World): Account {
  const now = () => new Date(world.now());
  const peopleOf = (set: readonly { personId: number }[]) => set.map(({ personId }) => personId);
  return {
    pay: (set) =>
      withAccounts(store, peopleOf(set), {
        read: (tables) => together(tables.readRecords(set), tables.usedReferences(referencesOf(set))),
        async write(tables, accounts, [earlier, usedReferences]) {
          const known = { ...totalsOf(accounts), records: earlier, usedReferences };
          const { replies, records } = payBookings(set, known);
          await takeAtDesk(tables, records, now());
          const payments = records.flatMap((record) => (record.state === 'paid' ? transfer('payment', record) : []));
          return new Committing(replies, tables.insertRecords(records, now()), tables.move(payments, now()));
        },
      }),
    refund: (set) =>
      withAccounts(store, peopleOf(set), {
        read: (tables) => tables.readRecords(set),
        async write(tables, _accounts, earlier) {
          const { replies, refunded, marks } = refundBookings(set, { records: earlier });
          const refunds = refunded.flatMap((record) => transfer('refund', record));
          const [, changed] = await together(
            tables.insertRecords(marks, now()),
            tables.refundRecords(refunded, now()),
            tables.move(refunds, now()),
          );
          if (changed !== refunded.length) throw new Contradiction('a payment changed although its account was locked');
          await giveBackAtDesk(tables, refunded, now());
          return replies;
        },
      }),
  };
}

function referencesOf(set: readonly PayRequest[]): string[] {
  return set.flatMap(({ desk }) => (desk === undefined ? [] : [desk.reference]));
}

function totalsOf(accounts: ReadonlyMap<number, AccountRow>) {
  return {
    balances: new Map([...accounts].map(([personId, { balance }]) => [personId, balance])),
    paidIn: new Map([...accounts].map(([personId, { deposited }]) => [personId, deposited])),
  };
}

/** Credits what was taken at a desk, so that the payments of the same transaction can spend it. */
async function takeAtDesk(tables: AccountTables, records: readonly PaymentRecord[], now: Date): Promise<void> {
  for (const record of records) {
    if (record.state !== 'paid' || record.desk === undefined) continue;
    const { personId, amount, bookingId, desk } = record;
    const { reference, by: madeBy } = desk;
    await tables.writeVoucher({ kind: 'credit', personId, amount, reference, madeBy, bookingId }, now);
  }
}

/**
 * Pays out again what was taken at a desk: the desk returns the money, and it must not stay on the balance. The refund
 * is a step of the saga, so the entry in the audit log names no admin.
 */
async function giveBackAtDesk(tables: AccountTables, refunded: readonly PaidRecord[], now: Date): Promise<void> {
  for (const { personId, amount, bookingId, desk } of refunded) {
    if (desk === undefined) continue;
    const reference = await unusedReference(tables, `${desk.reference}: refund of booking ${bookingId}`);
    await tables.writeVoucher({ kind: 'payout', personId, amount, reference, madeBy: desk.by, bookingId }, now);
    const details = { amount, reference, booking_id: bookingId };
    await tables.audit({ action: 'account_paid_out', by: null, to: personId, details });
  }
}

/** A refund is never refused, so a reference that is used already gets a number. */
async function unusedReference(tables: AccountTables, reference: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? reference : `${reference} (${number})`;
    if ((await tables.usedReferences([candidate])).size === 0) return candidate;
  }
}

/** The transfer for a payment or refund; none for an amount of 0. */
function transfer(
  kind: 'payment' | 'refund',
  record: { bookingId: number; eventId: number; personId: number; amount: number },
): Transfer[] {
  const { bookingId, eventId, personId, amount } = record;
  return amount === 0 ? [] : [{ kind, bookingId, eventId, personId, amount }];
}
