import type { Account } from '../contracts/account.ts';
import type { Person } from '../contracts/auth.ts';
import type { AccountRecords } from '../contracts/records.ts';
import type { Database } from '../kit/db.ts';
import type { Server } from '../kit/http.ts';
import type { Logger } from '../kit/log.ts';
import { migrate } from '../kit/migrate.ts';
import type { Sessions } from '../kit/session.ts';
import { Sweeper } from '../kit/sweeper.ts';
import type { World } from '../kit/world.ts';
import { createDeposits } from './deposits.ts';
import { createAccountParticipant } from './participant.ts';
import { createAccountRecords } from './reconciliation-store.ts';
import { accountRoutes } from './routes.ts';
import { answers, createAccountStore, migrations } from './store.ts';

export interface AccountOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Whether people may top up their own balance. */
  readonly demo: boolean;
}

export interface AccountService {
  /** What book asks of it. */
  readonly account: Account;
  /** What a reconciliation asks of it. */
  readonly records: AccountRecords;
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Begins to forget the answers to old idempotency keys. */
  start(): void;
  stop(): Promise<void>;
}

/** Brings the schema up to date, and opens the service on it. */
export async function createAccount({ database, world, log, demo }: AccountOptions): Promise<AccountService> {
  await migrate(database, migrations);
  const store = createAccountStore(database);
  const deposits = createDeposits(store, world);
  const sweeper = new Sweeper({ database, table: answers, world, log });
  return {
    account: createAccountParticipant(store, world),
    records: createAccountRecords(database),
    routes: (server, sessions) => accountRoutes(server, { store, deposits, sessions, demo }),
    start: () => sweeper.start(),
    stop: () => sweeper.stop(),
  };
}
