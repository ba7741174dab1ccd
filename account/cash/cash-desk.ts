import type { StatementItem } from '../../contracts/account/schemas.ts';
import type { Auth } from '../../contracts/auth/calls.ts';
import { tidyName } from '../../contracts/text/names.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { World } from '../../platform/world.ts';
import { withAccounts } from '../locked-accounts.ts';
import { mayPayIn, mayPayOut, paidInTooMuch } from '../payments/payments.ts';
import type { AccountRow, AccountStore, AccountTables } from '../store.ts';
import type { VoucherDraft } from './cash-store.ts';
import { itemOf } from './statement.ts';

/** Makes credits and payouts, for admins. */
export interface CashDesk {
  /**
   * Makes a credit or a payout, at most one for each reference: a repeated request gets the result of the first one.
   * References that differ in blanks at their ends, or in how their accents are composed, are one.
   * @param keyed the idempotency key of the request.
   * @returns the line of the statement for this credit or payout.
   * @throws NotFound for an unknown person; Conflict when the balance is too low for a payout, when the total paid in
   * would exceed 2^53 - 1, or when the reference was used for another credit or payout, or for a booking at a desk.
   */
  make(draft: VoucherDraft, keyed?: Keyed): Promise<StatementItem>;
}

export function createCashDesk(store: AccountStore, world: World, people: Pick<Auth, 'names'>): CashDesk {
  return {
    async make(draft, keyed) {
      const now = new Date(world.now());
      // Checked before the transaction, and still true in it: people are never deleted.
      const [name] = await people.names([draft.personId]);
      if (!name) throw new NotFound(`Person ${draft.personId} does not exist.`);
      const work = {
        read: async () => undefined,
        write: (tables: AccountTables, accounts: Map<number, AccountRow>) => makeOnce(tables, accounts, draft, now),
      };
      return withAccounts(store, [draft.personId], work, { keyed, now });
    },
  };
}

async function makeOnce(
  tables: AccountTables,
  accounts: ReadonlyMap<number, AccountRow>,
  draft: VoucherDraft,
  now: Date,
): Promise<StatementItem> {
  const { kind, personId, amount } = draft;
  const reference = tidyName(draft.reference);
  // Earlier versions stored a reference as it was sent.
  const earlier = await tables.readVoucher([reference, draft.reference]);
  if (earlier !== undefined) {
    const isSame = earlier.kind === kind && earlier.personId === personId && earlier.amount === amount;
    // The money of a booking at a desk is another credit or payout, even of one person and amount: it moved with the
    // booking, so a credit that was answered with it would add nothing to the balance.
    if (isSame && earlier.bookingId === null) return itemOf(await tables.readEntry(personId, earlier.transferId));
    throw new Conflict(`The reference "${reference}" is already used for another credit or payout.`, 'reference', {
      reason: 'reference_used',
    });
  }
  const { balance = 0, deposited = 0 } = accounts.get(personId) ?? {};
  if (kind === 'payout' && !mayPayOut(balance, amount)) {
    const why = { reason: 'balance_too_low', values: { balance, amount } };
    throw new Conflict(`The balance is ${balance}: too low to pay out ${amount}.`, 'delta', why);
  }
  if (kind === 'credit' && !mayPayIn(deposited, amount)) {
    throw new Conflict(paidInTooMuch, 'delta', { reason: 'amount_too_large' });
  }
  const { transferId } = await tables.writeVoucher({ ...draft, reference }, now);
  const action = kind === 'credit' ? 'account_credited' : 'account_paid_out';
  await tables.audit({ action, by: draft.madeBy, to: personId, details: { amount, reference } });
  return itemOf(await tables.readEntry(personId, transferId));
}
