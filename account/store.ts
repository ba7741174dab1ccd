import { fileURLToPath } from 'node:url';
import type { Reason, StepRequest } from '../contracts/reply.ts';
import { AnswerTable, answerOnce } from '../kit/answers.ts';
import { columns, type Database, type Sql } from '../kit/db.ts';
import type { Keyed } from '../kit/idempotency.ts';
import type { Migrations } from '../kit/migrate.ts';
import type { PaymentRecord } from './balance.ts';

const schema = 'account';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** The answers to writes with an idempotency key. */
export const answers = new AnswerTable(schema);

/** A movement of money about to be written down. Deposits have neither event nor booking. */
export interface Transfer {
  readonly kind: 'deposit' | 'payment' | 'refund';
  readonly personId: number;
  readonly eventId?: number;
  readonly bookingId?: number;
  /** At least 1, in the smallest unit there is. */
  readonly amount: number;
}

/** An account as the rules need it. */
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

// In the order of the people, whatever the order of the set: two sets with the same people never wait in a circle.
const lockAccounts = `
select person_id as "personId", balance, deposited
  from ${schema}.account
 where person_id = any($1::bigint[])
 order by person_id
   for update`;

// A statement of its own after the lock, never part of it: only a new statement sees what the lock's last holder wrote.
const selectRecords = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, amount, reason
  from ${schema}.payment
 where booking_id = any($1::bigint[])`;

// Two questions about one booking that name different people share no lock; the key then decides who answers first.
const insertRecords = `
insert into ${schema}.payment (booking_id, event_id, person_id, state, amount, reason, decided_at)
select booking_id, event_id, person_id, state, amount, reason, $7
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
    as t (booking_id, event_id, person_id, state, amount, reason)
 order by booking_id
    on conflict (booking_id) do nothing
returning booking_id`;

const refundRecords = `
update ${schema}.payment
   set state = 'refunded', decided_at = $2
 where booking_id = any($1::bigint[])
   and state = 'paid'
returning booking_id`;

const insertTransfers = `
insert into ${schema}.transfer (kind, person_id, event_id, booking_id, amount, made_at)
select kind, person_id, event_id, booking_id, amount, $6
  from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    as t (kind, person_id, event_id, booking_id, amount)`;

const moveBalances = `
update ${schema}.account as a
   set balance = a.balance + t.added, deposited = a.deposited + t.deposited
  from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as t (person_id, added, deposited)
 where a.person_id = t.person_id`;

/** What the rules ask of the tables inside one transaction. */
export interface AccountTables {
  /** Locks the accounts of people, and reads them. People without an account are left out. */
  lockAccounts(personIds: readonly number[]): Promise<Map<number, AccountRow>>;
  /** Reads the recorded answers of a set; to be called only when its accounts are locked. */
  readRecords(requests: readonly StepRequest[]): Promise<Map<number, PaymentRecord>>;
  /** Writes answers down; answers how many were really new. */
  insertRecords(records: readonly PaymentRecord[], now: Date): Promise<number>;
  /** Notes that payments were moved back; answers how many. */
  refundRecords(requests: readonly StepRequest[], now: Date): Promise<number>;
  /** Writes transfers down, and moves the balances of their people. */
  move(transfers: readonly Transfer[], now: Date): Promise<void>;
}

export interface AccountStore {
  /** A person without an account has 0. */
  balance(personId: number): Promise<number>;
  /** Opens the accounts of people that have none yet. */
  open(personIds: readonly number[]): Promise<void>;
  transaction<Result>(work: (tables: AccountTables) => Promise<Result>): Promise<Result>;
  /** The same for a write: with an idempotency key that was used before, it gives the answer again that was given. */
  once<Answer>(asked: Once, write: (tables: AccountTables) => Promise<Answer>): Promise<Answer>;
}

/** When a write is asked for, and under which idempotency key. */
export interface Once {
  readonly keyed: Keyed | undefined;
  readonly now: Date;
}

export function createAccountStore(database: Database): AccountStore {
  return {
    async balance(personId) {
      const [account] = await database.query<{ balance: number }>(selectBalance, [personId]);
      return account?.balance ?? 0;
    },
    async open(personIds) {
      await database.query(openAccounts, [personIds]);
    },
    transaction: (work) => database.transaction((sql) => work(accountTables(sql))),
    once: (asked, write) => answerOnce(database, answers, asked, (sql) => write(accountTables(sql))),
  };
}

function accountTables(sql: Sql): AccountTables {
  return {
    async lockAccounts(personIds) {
      const accounts = await sql.query<AccountRow>(lockAccounts, [personIds]);
      return new Map(accounts.map((account) => [account.personId, account]));
    },
    async readRecords(requests) {
      const rows = await sql.query<RecordRow>(selectRecords, [requests.map(({ bookingId }) => bookingId)]);
      return new Map(rows.map((row) => [row.bookingId, row as PaymentRecord]));
    },
    async insertRecords(records, now) {
      const values = columns(
        records as readonly Partial<RecordRow>[],
        (row) => row.bookingId,
        (row) => row.eventId,
        (row) => row.personId,
        (row) => row.state,
        (row) => row.amount ?? null,
        (row) => row.reason ?? null,
      );
      return (await sql.query(insertRecords, [...values, now])).length;
    },
    async refundRecords(requests, now) {
      return (await sql.query(refundRecords, [requests.map(({ bookingId }) => bookingId), now])).length;
    },
    async move(transfers, now) {
      const values = columns(
        transfers,
        (row) => row.kind,
        (row) => row.personId,
        (row) => row.eventId ?? null,
        (row) => row.bookingId ?? null,
        (row) => row.amount,
      );
      await sql.query(insertTransfers, [...values, now]);
      await sql.query(moveBalances, changes(transfers));
    },
  };
}

/** By how much the balance and the deposits of each person change. */
function changes(transfers: readonly Transfer[]): [personIds: number[], added: number[], deposited: number[]] {
  const people = new Map<number, { added: number; deposited: number }>();
  for (const { kind, personId, amount } of transfers) {
    const { added, deposited } = people.get(personId) ?? { added: 0, deposited: 0 };
    people.set(personId, {
      added: kind === 'payment' ? added - amount : added + amount,
      deposited: kind === 'deposit' ? deposited + amount : deposited,
    });
  }
  const all = [...people.values()];
  return [[...people.keys()], all.map(({ added }) => added), all.map(({ deposited }) => deposited)];
}

interface RecordRow extends StepRequest {
  readonly state: PaymentRecord['state'];
  readonly amount: number | null;
  readonly reason: Reason | null;
}
