import type { TransferKind } from '../contracts/account/schemas.ts';
import { columns, type Sql } from '../platform/database/database.ts';
import { together } from '../platform/database/transaction.ts';
import { addedBy, paidInBy } from './payments/payments.ts';
import { schema } from './schema.ts';

/** A transfer about to be stored. Deposits, credits and payouts have neither event nor booking. */
export interface Transfer {
  readonly kind: TransferKind;
  readonly personId: number;
  readonly eventId?: number;
  readonly bookingId?: number;
  /** At least 1, in the smallest unit of the currency. */
  readonly amount: number;
}

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

/** Stores transfers and updates the balances of their people, whose accounts must be locked. */
export async function storeTransfers(sql: Sql, transfers: readonly Transfer[], now: Date): Promise<void> {
  if (transfers.length === 0) return;
  const values = columns(
    transfers,
    (row) => row.kind,
    (row) => row.personId,
    (row) => row.eventId ?? null,
    (row) => row.bookingId ?? null,
    (row) => row.amount,
  );
  await together(sql.query(insertTransfers, [...values, now]), sql.query(moveBalances, changes(transfers)));
}

/** For each person: how much the balance changes, and how much of that was paid in. */
function changes(transfers: readonly Transfer[]): [personIds: number[], added: number[], paidIn: number[]] {
  const people = new Map<number, { added: number; paidIn: number }>();
  for (const transfer of transfers) {
    const { added, paidIn } = people.get(transfer.personId) ?? { added: 0, paidIn: 0 };
    people.set(transfer.personId, { added: added + addedBy(transfer), paidIn: paidIn + paidInBy(transfer) });
  }
  const all = [...people.values()];
  return [[...people.keys()], all.map(({ added }) => added), all.map(({ paidIn }) => paidIn)];
}
