import type { PayRequest } from '../contracts/account/calls.ts';
import type { AuditEntry } from '../contracts/auth/audit.ts';
import type { Reason, StepRequest } from '../contracts/step.ts';
import { columns, type Database, type Sql } from '../platform/database/database.ts';
import { type Committing, conflictOnDuplicate } from '../platform/database/transaction.ts';
import type { Keyed } from '../platform/http/idempotency-key.ts';
import type { Page } from '../platform/http/pagination.ts';
import { runOnce } from '../platform/idempotency/run-once.ts';
import { IdempotencyStore } from '../platform/idempotency/store.ts';
import { discardMessages, type OutboxWriter } from '../platform/outbox.ts';
import { type CashTables, cashTables, readStatement, type StatementEntry } from './cash/cash-store.ts';
import type { PaymentRecord } from './payments/payments.ts';
import { schema } from './schema.ts';
import { storeTransfers, type Transfer } from './transfers-store.ts';

export { migrations } from './schema.ts';
export type { Transfer } from './transfers-store.ts';

/** The stored responses to writes with an idempotency key. */
export const idempotencyStore = new IdempotencyStore(schema);

/** The columns of an account that the rules use. */
export interface AccountRow {
  readonly personId: number;
  readonly balance: number;
  readonly deposited: number;
}

const selectBalance = `
select balance
  from ${schema}.account
 where person_id = $1`;

const openAccounts = `
insert into ${schema}.account (person_id)
select person_id from unnest($1::bigint[]) as t (person_id) order by person_id
    on conflict (person_id) do nothing`;

// Locks accounts in the order of person ids, so two batches with the same people cannot deadlock.
const lockAccounts = `
select person_id as "personId", balance, deposited
  from ${schema}.account
 where person_id = any($1::bigint[])
 order by person_id
   for update`;

// Runs as a separate statement after the lock: only a new snapshot sees what the previous holder of the lock wrote.
const selectRecords = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, amount, reason,
       desk_reference as "deskReference", desk_by as "deskBy"
  from ${schema}.payment
 where booking_id = any($1::bigint[])`;

// Two requests for one booking that name different people hold no common lock, so the primary key decides which is
// first.
const insertRecords = `
insert into ${schema}.payment (booking_id, event_id, person_id, state, amount, reason, desk_reference, desk_by, decided_at)
select booking_id, event_id, person_id, state, amount, reason, desk_reference, desk_by, $9
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[])
    as t (booking_id, event_id, person_id, state, amount, reason, desk_reference, desk_by)
 order by booking_id`;

const refundRecords = `
update ${schema}.payment
   set state = 'refunded', decided_at = $2
 where booking_id = any($1::bigint[])
   and state = 'paid'
returning booking_id`;

/** Access to the tables in one transaction. An empty batch runs no statement. */
export interface AccountTables extends CashTables {
  /** Locks and reads accounts. People without an account are left out. */
  lockAccounts(personIds: readonly number[]): Promise<Map<number, AccountRow>>;
  /** Reads the recorded replies of a batch. Its accounts must be locked. */
  readRecords(requests: readonly StepRequest[]): Promise<Map<number, PaymentRecord>>;
  /** Stores replies. @throws WriteConflict when one was stored concurrently. */
  insertRecords(records: readonly PaymentRecord[], now: Date): Promise<void>;
  /** Marks payments as refunded. @returns how many were marked. */
  refundRecords(requests: readonly StepRequest[], now: Date): Promise<number>;
  /** Stores transfers and updates the balances of their people. */
  move(transfers: readonly Transfer[], now: Date): Promise<void>;
}

export interface AccountStore {
  /** The balance of a person; 0 without an account. */
  balance(personId: number): Promise<number>;
  /** The transfers of a person in id order, each with the balance after it. */
  statement(personId: number, page: Page): Promise<StatementEntry[]>;
  /** Opens missing accounts. */
  open(personIds: readonly number[]): Promise<void>;
  transaction<Result>(work: (tables: AccountTables) => Promise<Result | Committing<Result>>): Promise<Result>;
  /** Runs a transaction once for each idempotency key; a repeated request gets the stored response. */
  once<Answer>(asked: Once, write: (tables: AccountTables) => Promise<Answer | Committing<Answer>>): Promise<Answer>;
}

/** The time and the idempotency key of a write. */
export interface Once {
  readonly keyed: Keyed | undefined;
  readonly now: Date;
}

export function createAccountStore(
  database: Database,
  auditLog: OutboxWriter<AuditEntry> = discardMessages,
): AccountStore {
  const tablesOf = (sql: Sql): AccountTables => accountTables(sql, (entry) => auditLog.write(sql, [entry]));
  return {
    async balance(personId) {
      const [account] = await database.query<{ balance: number }>(selectBalance, [personId]);
      return account?.balance ?? 0;
    },
    statement: (personId, page) => readStatement(database, personId, page),
    async open(personIds) {
      await database.query(openAccounts, [personIds]);
    },
    transaction: (work) => database.transaction((sql) => work(tablesOf(sql))),
    once: (asked, write) => runOnce(database, idempotencyStore, asked, (sql) => write(tablesOf(sql))),
  };
}

function accountTables(sql: Sql, audit: CashTables['audit']): AccountTables {
  return {
    ...cashTables(sql),
    audit,
    async lockAccounts(personIds) {
      const accounts = await sql.query<AccountRow>(lockAccounts, [personIds]);
      return new Map(accounts.map((account) => [account.personId, account]));
    },
    async readRecords(requests) {
      const rows = await sql.query<RecordRow>(selectRecords, [requests.map(({ bookingId }) => bookingId)]);
      return new Map(rows.map((row) => [row.bookingId, recordOf(row)]));
    },
    async insertRecords(records, now) {
      if (records.length === 0) return;
      const values = columns(
        records as readonly (Partial<RecordRow> & Pick<PayRequest, 'desk'>)[],
        (row) => row.bookingId,
        (row) => row.eventId,
        (row) => row.personId,
        (row) => row.state,
        (row) => row.amount ?? null,
        (row) => row.reason ?? null,
        (row) => row.desk?.reference ?? null,
        (row) => row.desk?.by ?? null,
      );
      await conflictOnDuplicate(sql.query(insertRecords, [...values, now]));
    },
    async refundRecords(requests, now) {
      if (requests.length === 0) return 0;
      return (await sql.query(refundRecords, [requests.map(({ bookingId }) => bookingId), now])).length;
    },
    move: (transfers, now) => storeTransfers(sql, transfers, now),
  };
}

interface RecordRow extends StepRequest {
  readonly state: PaymentRecord['state'];
  readonly amount: number | null;
  readonly reason: Reason | null;
  readonly deskReference: string | null;
  readonly deskBy: number | null;
}

function recordOf({ deskReference, deskBy, ...row }: RecordRow): PaymentRecord {
  const desk = deskReference !== null && deskBy !== null && { desk: { reference: deskReference, by: deskBy } };
  return { ...row, ...desk } as PaymentRecord;
}
