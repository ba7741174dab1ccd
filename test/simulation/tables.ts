import { bookingSaga, type Status } from '../../book/saga/table.ts';
import type { TransferKind } from '../../contracts/account/schemas.ts';
import { columns, type Sql } from '../../platform/database/database.ts';
import type { Scenario } from './scenario.ts';

const { states, named } = bookingSaga;

export interface EventRow {
  readonly id: number;
  readonly totalSlots: number;
  readonly takenSlots: number;
  readonly isCanceled: boolean;
  readonly saleOpensAt: Date | null;
  readonly saleClosesAt: Date | null;
  readonly startsAt: Date | null;
  readonly maxPerPerson: number | null;
}

/** What a participant recorded for a booking: a slot or a payment. */
export interface RecordRow {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
  readonly state: string;
  readonly amount: number | null;
  readonly reason: string | null;
  /** When the record entered its state, by the clock of its service. */
  readonly decidedAt: Date;
}

export interface PaymentRow extends RecordRow {
  /** The reference of the receipt, for a payment at the desk. */
  readonly deskReference: string | null;
}

export interface TransferRow {
  readonly id: number;
  readonly kind: TransferKind;
  readonly personId: number;
  readonly eventId: number | null;
  readonly bookingId: number | null;
  readonly amount: number;
}

export interface AccountRow {
  readonly personId: number;
  readonly balance: number;
  readonly deposited: number;
}

export interface BookingRow {
  readonly id: number;
  readonly personId: number;
  readonly eventId: number;
  readonly price: number | null;
  readonly expectedPrice: number | null;
  /** Who made the booking by hand. */
  readonly madeBy: number | null;
  readonly deskReference: string | null;
  readonly state: Status;
  readonly reason: string | null;
  /** The states that the booking went through, in the order of the table's transitions. */
  readonly passed: readonly Status[];
}

export interface VoucherRow {
  readonly reference: string;
  /** The transfer of the voucher; null if there is none. */
  readonly transferId: number | null;
}

export interface KeyRow {
  readonly key: string;
  readonly bookingId: number;
}

/** The content of all tables. */
export interface Tables {
  readonly events: readonly EventRow[];
  readonly slots: readonly RecordRow[];
  readonly accounts: readonly AccountRow[];
  readonly transfers: readonly TransferRow[];
  readonly payments: readonly PaymentRow[];
  readonly bookings: readonly BookingRow[];
  readonly vouchers: readonly VoucherRow[];
  /** The idempotency keys and their bookings. */
  readonly keys: readonly KeyRow[];
}

const truncate = `
truncate events.event, events.slot, account.account, account.transfer, account.payment, account.voucher,
  account.idempotency, events.idempotency, book.idempotency, book.booking
  restart identity`;

const insertEvents = `
insert into events.event
       (name, price, total_slots, sale_opens_at, sale_closes_at, starts_at, max_per_person, organizer_id, created_at)
select 'run', price, total_slots, sale_opens_at, sale_closes_at, starts_at, max_per_person, 1, $7
  from unnest($1::bigint[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::integer[]) with ordinality
    as t (price, total_slots, sale_opens_at, sale_closes_at, starts_at, max_per_person, place)
 order by place`;

const insertAccounts = `
insert into account.account (person_id, balance, deposited)
select place, balance, balance from unnest($1::bigint[]) with ordinality as t (balance, place)`;

const insertDeposits = `
insert into account.transfer (kind, person_id, amount, made_at)
select 'deposit', place, balance, $2
  from unnest($1::bigint[]) with ordinality as t (balance, place)
 where balance > 0`;

/** Empties all tables and stores a scenario's events and balances. */
export async function prepareTables(sql: Sql, { events, balances }: Scenario, now: Date): Promise<void> {
  await sql.query(truncate);
  const momentOf = (ms: number | null) => (ms === null ? null : new Date(now.getTime() + ms));
  const values = columns(
    events,
    ({ price }) => price,
    ({ totalSlots }) => totalSlots,
    ({ saleOpensAtMs }) => momentOf(saleOpensAtMs),
    ({ saleClosesAtMs }) => momentOf(saleClosesAtMs),
    ({ startsAtMs }) => momentOf(startsAtMs),
    ({ maxPerPerson }) => maxPerPerson,
  );
  await sql.query(insertEvents, [...values, now]);
  await sql.query(insertAccounts, [balances]);
  await sql.query(insertDeposits, [balances, now]);
}

const selectEvents = `
select id, total_slots as "totalSlots", taken_slots as "takenSlots", canceled_at is not null as "isCanceled",
       sale_opens_at as "saleOpensAt", sale_closes_at as "saleClosesAt", starts_at as "startsAt",
       max_per_person as "maxPerPerson"
  from events.event order by id`;

const selectSlots = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, price as amount, reason,
       decided_at as "decidedAt"
  from events.slot order by booking_id`;

const selectAccounts = 'select person_id as "personId", balance, deposited from account.account order by person_id';

const selectTransfers = `
select id, kind, person_id as "personId", event_id as "eventId", booking_id as "bookingId", amount
  from account.transfer order by id`;

const selectPayments = `
select booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, amount, reason,
       desk_reference as "deskReference", decided_at as "decidedAt"
  from account.payment order by booking_id`;

const selectBookings = `
select id, person_id as "personId", event_id as "eventId", price, expected_price as "expectedPrice",
       made_by as "madeBy", desk_reference as "deskReference", status, reason,
       array[${states.map((state) => `${state}_at is not null`).join(', ')}] as "hasPassed"
  from book.booking order by id`;

// All credits and payouts, whether or not they have a reference, and all references that have no transfer.
const selectVouchers = `
select coalesce(v.reference, 'transfer ' || t.id) as reference, t.id as "transferId"
  from account.voucher as v
  full join (select * from account.transfer where kind in ('credit', 'payout')) as t on t.id = v.transfer_id
 order by 1`;

const selectKeys = 'select key, answer::bigint as "bookingId" from book.idempotency order by key';

const selectUnsettled = `
select (select count(*) from book.booking where due_at is not null)
     + (select count(*) from events.event where canceled_at is not null and taken_slots > 0) as unsettled`;

/** The number of open bookings, plus the number of canceled events whose slots are still taken. */
export async function countUnsettled(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ unsettled: number }>(selectUnsettled);
  return Number(row?.unsettled);
}

export async function readTables(sql: Sql): Promise<Tables> {
  const bookings = await sql.query<BookingRow & { status: number; hasPassed: boolean[] }>(selectBookings);
  return {
    events: await sql.query<EventRow>(selectEvents),
    slots: await sql.query<RecordRow>(selectSlots),
    accounts: await sql.query<AccountRow>(selectAccounts),
    transfers: await sql.query<TransferRow>(selectTransfers),
    payments: await sql.query<PaymentRow>(selectPayments),
    vouchers: await sql.query<VoucherRow>(selectVouchers),
    keys: await sql.query<KeyRow>(selectKeys),
    bookings: bookings.map(({ status, hasPassed, ...row }) => ({
      ...row,
      state: named(status),
      passed: states.filter((_, index) => hasPassed[index]).sort((a, b) => bookingSaga.rank(a) - bookingSaga.rank(b)),
    })),
  };
}
