import { Conflict } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { World } from '../../platform/world.ts';
import { withAccounts } from '../participant.ts';
import { mayPayIn } from '../payments.ts';
import type { AccountRow, AccountStore, AccountTables } from '../store.ts';

/** Puts money into accounts. */
export interface Deposits {
  /**
   * @param delta at least 1, in the smallest unit there is.
   * @param keyed under the same key it is made once.
   * @returns the balance afterwards.
   * @throws Conflict when a person's deposits would exceed what a number holds exactly.
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
          throw new Conflict('What a person pays in comes to 2^53 - 1 at most.', 'delta', {
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
