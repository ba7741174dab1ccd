import type { TransferKind } from '../../contracts/account/schemas.ts';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Sql } from '../../platform/database/database.ts';
import { Overtaken } from '../../platform/database/transaction.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { addedBy, paidInBy } from '../payments.ts';
import { schema } from '../schema.ts';

/** A credit or a payout about to be written down. */
export interface VoucherDraft {
  readonly kind: 'credit' | 'payout';
  readonly personId: number;
  /** At least 1, in the smallest unit there is. */
  readonly amount: number;
  /** What it is made for. No other credit or payout has the same. */
  readonly reference: string;
  /** The admin who makes it. */
  readonly madeBy: number;
}

/** A credit or a payout that was made. */
export interface Voucher extends VoucherDraft {
  readonly transferId: number;
}

/** A transfer as its person sees it. */
export interface StatementEntry {
  readonly id: number;
  readonly personId: number;
  readonly kind: TransferKind;
  /** What it added to the balance; below zero for what it took. */
  readonly added: number;
  /** The balance that it left. */
  readonly balance: number;
  readonly eventId: number | null;
  readonly bookingId: number | null;
  readonly reference: string | null;
  readonly madeAt: Date;
}

// The ids of a person's transfers are given under the lock of their account, so that they tell in which order the
// balance moved: each balance is the sum of all transfers up to its own. Nothing is stored for it, and a payment costs
// nothing more. All from one statement, and so of one moment.
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
select v.reference, v.transfer_id as "transferId", v.made_by as "madeBy", t.kind, t.person_id as "personId", t.amount
  from ${schema}.voucher as v
  join ${schema}.transfer as t on t.id = v.transfer_id
 where v.reference = $1`;

const insertTransfer = `
insert into ${schema}.transfer (kind, person_id, amount, made_at)
values ($1, $2, $3, $4)
returning id`;

// Two with one reference for different people share no lock; the key then decides who was first.
const insertVoucher = `
insert into ${schema}.voucher (reference, transfer_id, made_by)
values ($1, $2, $3)
    on conflict (reference) do nothing
returning reference`;

const moveBalance = `
update ${schema}.account
   set balance = balance + $2, deposited = deposited + $3
 where person_id = $1`;

/** What credits and payouts ask of the tables inside a transaction in which their accounts are locked. */
export interface CashTables {
  /** The credit or payout that was made with a reference. */
  readVoucher(reference: string): Promise<Voucher | undefined>;
  /** Writes one down, and moves its balance. @throws Overtaken when its reference was used elsewhere meanwhile. */
  writeVoucher(draft: VoucherDraft, now: Date): Promise<Voucher>;
  /** Notes an act in the audit trail. */
  audit(entry: AuditEntry): Promise<void>;
  /** One transfer of a person as it stands in the statement. */
  readEntry(personId: number, id: number): Promise<StatementEntry>;
}

export function cashTables(sql: Sql): Omit<CashTables, 'audit'> {
  return {
    async readVoucher(reference) {
      const [voucher] = await sql.query<Voucher>(selectVoucher, [reference]);
      return voucher;
    },
    async writeVoucher(draft, now) {
      const { kind, personId, amount, reference, madeBy } = draft;
      const [row] = await sql.query<{ id: number }>(insertTransfer, [kind, personId, amount, now]);
      const transferId = row?.id as number;
      const kept = await sql.query(insertVoucher, [reference, transferId, madeBy]);
      if (kept.length === 0) throw new Overtaken('the reference was used elsewhere');
      await sql.query(moveBalance, [personId, addedBy(draft), paidInBy(draft)]);
      return { ...draft, transferId };
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
