import { type Account, type CurrencyOfAccount, currencyCalls } from '../contracts/account/calls.ts';
import { type Currency, points } from '../contracts/account/schemas.ts';
import type { AuditEntry, AuditLog } from '../contracts/auth/audit.ts';
import type { Auth, Person } from '../contracts/auth/calls.ts';
import { type AccountRecords, accountRecordCalls } from '../contracts/records.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { Cleanup } from '../platform/idempotency/cleanup.ts';
import { Outbox } from '../platform/outbox.ts';
import { answering } from '../platform/rpc/call.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import { createCashDesk } from './cash/cash-desk.ts';
import { createDeposits } from './cash/deposits.ts';
import { createAccountParticipant } from './payments/participant.ts';
import { createAccountRecords } from './reconciliation-store.ts';
import { accountRoutes } from './routes.ts';
import { createAccountStore, idempotencyStore, migrations } from './store.ts';

export interface AccountOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  readonly auditLog: AuditLog;
  /** Whether people may top up their own balance. */
  readonly demo: boolean;
  /** How amounts are shown; points by default. */
  readonly currency?: Currency;
  /** Checks that a person exists before a credit or payout. */
  readonly people: Pick<Auth, 'names'>;
}

export interface AccountService {
  /** The calls that book makes. */
  readonly account: Account;
  readonly currency: CurrencyOfAccount['currency'];
  /** The records for a reconciliation. */
  readonly records: AccountRecords;
  routes(server: Server, sessions: Sessions<Person>): void;
  /** Starts the cleanup of old idempotency keys and the delivery of audit log entries. */
  start(): void;
  stop(): Promise<void>;
}

/** Migrates the schema and opens the service. */
export async function createAccount(options: AccountOptions): Promise<AccountService> {
  const { database, world, log, demo, auditLog, people, currency = points } = options;
  await migrate(database, migrations);
  const outbox = new Outbox<AuditEntry>({
    schema: migrations.schema,
    database,
    world,
    log,
    deliver: (entries) => auditLog.record(entries.map((entry) => ({ ...entry, service: 'account' }))),
  });
  const store = createAccountStore(database, outbox);
  const deposits = createDeposits(store, world);
  const cashDesk = createCashDesk(store, world, people);
  const cleanup = new Cleanup({ database, store: idempotencyStore, world, log });
  return {
    account: createAccountParticipant(store, world),
    ...answering(currencyCalls, { currency: async () => currency }),
    records: answering(accountRecordCalls, createAccountRecords(database)),
    routes: (server, sessions) => accountRoutes(server, { store, deposits, cashDesk, sessions, demo, currency }),
    start() {
      cleanup.start();
      outbox.start();
    },
    async stop() {
      await Promise.all([cleanup.stop(), outbox.stop()]);
    },
  };
}
