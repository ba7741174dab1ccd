import { Conflict } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { World } from '../../platform/world.ts';
import { withAccounts } from '../locked-accounts.ts';
import { mayPayIn, paidInTooMuch } from '../payments/payments.ts';
import type { AccountRow, AccountStore, AccountTables } from '../store.ts';

/** Demo money: people top up their own balance. */
export interface Deposits {
  /**
   * @param delta at least 1, in the smallest unit of the currency.
   * @param keyed the idempotency key of the request.
   * @returns the new balance.
   * @throws Conflict when the total paid in would exceed 2^53 - 1.
   */
  make(personId: number, delta: number, keyed?: Keyed): Promise<number>;
}

export function createDeposits(store: AccountStore, world: World): Deposits {
  return {
    make(personId, delta, keyed) {
      const now = new Date(world.now());
      const write = async (tables: AccountTables, accounts: Map<number, AccountRow>) => {
        const { balance = 0, deposited = 0 } = accounts.get(personId) ?? {};
        if (!mayPayIn(deposited, delta)) {
          throw new Conflict(paidInTooMuch, 'delta', {
            reason: 'amount_too_large',
          });
        }
        await tables.move([{ kind: 'deposit', personId, amount: delta }], now);
        return balance + delta;
      };
      return withAccounts(store, [personId], { read: async () => undefined, write }, { keyed, now });
    },
  };
}
