import { type Committing, retryOnConflict, together, WriteConflict } from '../platform/database/transaction.ts';
import type { AccountRow, AccountStore, AccountTables, Once } from './store.ts';

/** The work of a transaction that locks accounts. */
export interface UnderLock<Read, Result> {
  /** Reads what the decision needs, under the locks. */
  read(tables: AccountTables): Promise<Read>;
  /** Decides and writes. */
  write(tables: AccountTables, accounts: Map<number, AccountRow>, read: Read): Promise<Result | Committing<Result>>;
}

/**
 * Runs a transaction with the accounts of the given people locked. Missing accounts are opened first, in a separate
 * transaction: opened inside this one, they would be locked out of order, and two batches could deadlock.
 * @param once the idempotency key of a write, if it has one; the response is stored with it.
 */
export function withAccounts<Read, Result>(
  store: AccountStore,
  people: readonly number[],
  { read, write }: UnderLock<Read, Result>,
  once?: Once,
): Promise<Result> {
  const personIds = [...new Set(people)];
  const transaction: AccountStore['transaction'] = (inner) =>
    once === undefined ? store.transaction(inner) : store.once(once, inner);
  return retryOnConflict(async () => {
    try {
      return await transaction(async (tables) => {
        const [accounts, found] = await together(tables.lockAccounts(personIds), read(tables));
        if (accounts.size < personIds.length) throw new WriteConflict('an account does not exist yet');
        return await write(tables, accounts, found);
      });
    } catch (error) {
      if (error instanceof WriteConflict) await store.open(personIds);
      throw error;
    }
  });
}
