import type { Account } from '../contracts/account.ts';
import { Contradiction } from '../kit/errors.ts';
import { Overtaken, retryOvertaken } from '../kit/transaction.ts';
import type { World } from '../kit/world.ts';
import { type PaymentRecord, payBookings, refundBookings } from './balance.ts';
import type { AccountRow, AccountStore, AccountTables, Once, Transfer } from './store.ts';

/**
 * Runs a transaction with the accounts of some people locked. Accounts are opened beforehand and apart, when one turns
 * out to be missing: made inside, they would be locked out of order.
 * @param once a write that is answered once, with its idempotency key where it has one.
 */
export function withAccounts<Result>(
  store: AccountStore,
  people: readonly number[],
  work: (tables: AccountTables, accounts: Map<number, AccountRow>) => Promise<Result>,
  once?: Once,
): Promise<Result> {
  const personIds = [...new Set(people)];
  const transaction: AccountStore['transaction'] = (inner) =>
    once === undefined ? store.transaction(inner) : store.once(once, inner);
  return retryOvertaken(async () => {
    try {
      return await transaction(async (tables) => {
        const accounts = await tables.lockAccounts(personIds);
        if (accounts.size < personIds.length) throw new Overtaken('someone has no account yet');
        return await work(tables, accounts);
      });
    } catch (error) {
      if (error instanceof Overtaken) await store.open(personIds);
      throw error;
    }
  });
}

/**
 * The side of account that book talks to. Each call is one transaction about a set: lock its accounts, only then read
 * what was answered before, decide by the rules, write what is new. Because a refund takes the same lock as a
 * payment, the two of one booking never pass each other.
 */
export function createAccountParticipant(store: AccountStore, world: World): Account {
  const now = () => new Date(world.now());
  const peopleOf = (set: readonly { personId: number }[]) => set.map(({ personId }) => personId);
  return {
    pay: (set) =>
      withAccounts(store, peopleOf(set), async (tables, accounts) => {
        const balances = new Map([...accounts].map(([personId, { balance }]) => [personId, balance]));
        const { replies, records } = payBookings(set, { balances, records: await tables.readRecords(set) });
        await insertAll(tables, records, now());
        const payments = records.flatMap((record) => (record.state === 'paid' ? transfer('payment', record) : []));
        if (payments.length > 0) await tables.move(payments, now());
        return replies;
      }),
    refund: (set) =>
      withAccounts(store, peopleOf(set), async (tables) => {
        const { replies, refunded, marks } = refundBookings(set, { records: await tables.readRecords(set) });
        await insertAll(tables, marks, now());
        if (refunded.length === 0) return replies;
        const changed = await tables.refundRecords(refunded, now());
        if (changed !== refunded.length) throw new Contradiction('a payment changed under its account’s lock');
        const refunds = refunded.flatMap((record) => transfer('refund', record));
        if (refunds.length > 0) await tables.move(refunds, now());
        return replies;
      }),
  };
}

async function insertAll(tables: AccountTables, records: readonly PaymentRecord[], now: Date): Promise<void> {
  if (records.length === 0) return;
  if ((await tables.insertRecords(records, now)) < records.length) throw new Overtaken('answered elsewhere');
}

/** The movement of a record's money; none where the price is 0. */
function transfer(
  kind: 'payment' | 'refund',
  record: { bookingId: number; eventId: number; personId: number; amount: number },
): Transfer[] {
  const { bookingId, eventId, personId, amount } = record;
  return amount === 0 ? [] : [{ kind, bookingId, eventId, personId, amount }];
}
