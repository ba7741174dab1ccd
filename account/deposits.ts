import { Conflict } from '../kit/errors.ts';
import type { World } from '../kit/world.ts';
import { mayDeposit } from './balance.ts';
import { withAccounts } from './participant.ts';
import type { AccountStore } from './store.ts';

/** Puts money into accounts. */
export interface Deposits {
  /**
   * @param delta at least 1, in the smallest unit there is.
   * @returns the balance afterwards.
   * @throws Conflict when a person's deposits would exceed what a number holds exactly.
   */
  make(personId: number, delta: number): Promise<number>;
}

export function createDeposits(store: AccountStore, world: World): Deposits {
  return {
    make: (personId, delta) =>
      withAccounts(store, [personId], async (tables, accounts) => {
        const { balance = 0, deposited = 0 } = accounts.get(personId) ?? {};
        if (!mayDeposit(deposited, delta)) {
          throw new Conflict('All deposits of a person together are at most 2^53 - 1.', 'delta');
        }
        await tables.move([{ kind: 'deposit', personId, amount: delta }], new Date(world.now()));
        return balance + delta;
      }),
  };
}
