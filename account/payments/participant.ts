import type { Account } from '../../contracts/account/calls.ts';
import { Committing, together } from '../../platform/database/transaction.ts';
import { Contradiction } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { withAccounts } from '../locked-accounts.ts';
import type { AccountStore, Transfer } from '../store.ts';
import { payBookings, refundBookings } from './payments.ts';

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
        read: (tables) => tables.readRecords(set),
        async write(tables, accounts, earlier) {
          const balances = new Map([...accounts].map(([personId, { balance }]) => [personId, balance]));
          const { replies, records } = payBookings(set, { balances, records: earlier });
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
          return replies;
        },
      }),
  };
}

/** The transfer for a payment or refund; none for an amount of 0. */
function transfer(
  kind: 'payment' | 'refund',
  record: { bookingId: number; eventId: number; personId: number; amount: number },
): Transfer[] {
  const { bookingId, eventId, personId, amount } = record;
  return amount === 0 ? [] : [{ kind, bookingId, eventId, personId, amount }];
}
