import type { TransferKind } from '../../contracts/account/schemas.ts';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Sql } from '../../platform/database/database.ts';
import { WriteConflict } from '../../platform/database/transaction.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { addedBy, paidInBy } from '../payments/payments.ts';
import { schema } from '../schema.ts';

/** A credit or a payout about to be stored. */
export interface VoucherDraft {
  readonly kind: 'credit' | 'payout';
  readonly personId: number;
  /** At least 1, in the smallest unit of the currency. */
  readonly amount: number;
  /** The number of the receipt, or of the payment at its provider. Unique among credits and payouts. */
  readonly reference: string;
  /** The id of the admin who makes the credit or payout, or who took the money for the booking. */
  readonly madeBy: number;
  /** The booking, if its money was taken or returned at a desk. */
  readonly bookingId?: number;
}

export interface Voucher extends Omit<VoucherDraft, 'bookingId'> {
  readonly bookingId: number | null;
  readonly transferId: number;
}

export interface StatementEntry {
  readonly id: number;
  readonly personId: number;
  readonly kind: TransferKind;
  /** The change of the balance; negative for payments and payouts. */
  readonly added: number;
  /** The balance after the transfer. */
  readonly balance: number;
  readonly eventId: number | null;
  readonly bookingId: number | null;
  readonly reference: string | null;
  readonly madeAt: Date;
}

// The balance after a transfer is the sum of all the person's transfers with ids up to its own: ids are assigned under
// the lock of the account, so they follow the order of the changes. The balance is computed here and not stored, so
// that payments do no extra work. The query is one statement, so it reads one snapshot.
const added = `case when kind in ('payment', 'payout') then -amount else amount end`;
const selectStatement = `
select t.id, t.person_id as "personId", t.kind, t.added, t.event_id as "eventId", t.booking_id as "bookingId",
       v.reference, t.made_at as "madeAt",
       ((select coalesce(sum(${added}), 0)
           from ${schema}.transfer
          where person_id = $1
            and id <= $2) + sum(t.added) over (order by t.id))::bigint as balance
  from (select *, ${added} as added
          from ${schema}.transfer
         where person_id = $1
           and id > $2
         order by id
         limit $3) as t
  left join ${schema}.voucher as v on v.transfer_id = t.id
 order by t.id`;

const selectVoucher = `
select v.reference, v.transfer_id as "transferId", v.made_by as "madeBy", t.kind, t.person_id as "personId", t.amount,
       v.booking_id as "bookingId"
  from ${schema}.voucher as v
  join ${schema}.transfer as t on t.id = v.transfer_id
 where v.reference = any($1::text[])
 order by v.reference = ($1::text[])[1] desc
 limit 1`;

const selectUsed = `
select reference
  from ${schema}.voucher
 where reference = any($1::text[])`;

const insertTransfer = `
insert into ${schema}.transfer (kind, person_id, amount, made_at)
values ($1, $2, $3, $4)
returning id`;

// Two transactions that store one reference for different people hold no common lock, so the primary key decides which
// is first.
const insertVoucher = `
insert into ${schema}.voucher (reference, transfer_id, made_by, booking_id)
values ($1, $2, $3, $4)
    on conflict (reference) do nothing
returning reference`;

const moveBalance = `
update ${schema}.account
   set balance = balance + $2, deposited = deposited + $3
 where person_id = $1`;

/** The tables of credits and payouts, in a transaction that has locked the accounts. */
export interface CashTables {
  /** Reads the credit or payout with one of these forms of a reference, the first if there are two. */
  readVoucher(references: readonly string[]): Promise<Voucher | undefined>;
  /** Those of the references that a credit or payout has already. No reference runs no statement. */
  usedReferences(references: readonly string[]): Promise<ReadonlySet<string>>;
  /** Stores a credit or payout and updates the balance. @throws WriteConflict when the reference was used concurrently. */
  writeVoucher(draft: VoucherDraft, now: Date): Promise<Voucher>;
  /** Appends to the audit log. */
  audit(entry: AuditEntry): Promise<void>;
  /** Reads one line of a person's statement. */
  readEntry(personId: number, id: number): Promise<StatementEntry>;
}

export function cashTables(sql: Sql): Omit<CashTables, 'audit'> {
  return {
    async readVoucher(references) {
      const [voucher] = await sql.query<Voucher>(selectVoucher, [references]);
      return voucher;
    },
    async usedReferences(references) {
      if (references.length === 0) return new Set();
      const rows = await sql.query<{ reference: string }>(selectUsed, [references]);
      return new Set(rows.map(({ reference }) => reference));
    },
    async writeVoucher(draft, now) {
      const { kind, personId, amount, reference, madeBy, bookingId = null } = draft;
      const [row] = await sql.query<{ id: number }>(insertTransfer, [kind, personId, amount, now]);
      const transferId = row?.id as number;
      const kept = await sql.query(insertVoucher, [reference, transferId, madeBy, bookingId]);
      if (kept.length === 0) throw new WriteConflict('the reference was used concurrently');
      await sql.query(moveBalance, [personId, addedBy(draft), paidInBy(draft)]);
      return { ...draft, bookingId, transferId };
    },
    async readEntry(personId, id) {
      const [entry] = await readStatement(sql, personId, { after: id - 1, limit: 1 });
      return entry as StatementEntry;
    },
  };
}

/** Reads a page of a person's statement. */
export function readStatement(sql: Sql, personId: number, { after, limit }: Page): Promise<StatementEntry[]> {
  return sql.query<StatementEntry>(selectStatement, [personId, after, limit]);
}
