import type { AccountRecords, BalanceEntry, PaymentEntry, TransferSum } from '../contracts/records.ts';
import type { Database } from '../platform/database/database.ts';
import { migrations } from './store.ts';

const { schema } = migrations;

const paymentColumns = `booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, amount`;

const selectPayments = `
select ${paymentColumns}
  from ${schema}.payment
 where booking_id > $1
 order by booking_id
 limit $2`;

const selectPaymentsOf = `
select ${paymentColumns}
  from ${schema}.payment
 where booking_id = any($1::bigint[])`;

// One statement reads a balance and its transfers, so both come from one snapshot. It reads the transfers by the index
// on the person, not through the view: filtering the view by party would read all transfers for each person. Sums are
// returned as text, because a wrong sum may exceed a JavaScript number. `limit 1` makes the planner look up each
// payment by its id; without it, the planner joins all payments once per person.
const selectBalances = `
select a.person_id as "personId", a.balance, a.deposited, moved.posted, moved.deposits,
       array(select t.booking_id
               from (select booking_id,
                            count(*) filter (where kind = 'payment') as paid,
                            count(*) filter (where kind = 'refund') as refunded,
                            min(amount) as least, max(amount) as most, min(event_id) as first, max(event_id) as last
                       from ${schema}.transfer
                      where person_id = a.person_id
                        and kind in ('payment', 'refund')
                      group by booking_id) as t
               left join lateral (select state, amount, person_id, event_id
                                    from ${schema}.payment
                                   where booking_id = t.booking_id
                                   limit 1) as p on true
              where coalesce(t.paid <> 1
                          or t.refunded <> (p.state = 'refunded')::integer
                          or p.state not in ('paid', 'refunded')
                          or t.least <> p.amount or t.most <> p.amount
                          or p.person_id <> a.person_id
                          or t.first <> p.event_id or t.last <> p.event_id, true)
              order by t.booking_id
              limit 10) as misposted
  from (select person_id, balance, deposited
          from ${schema}.account
         where person_id > $1
         order by person_id
         limit $2) as a
 cross join lateral (select coalesce(sum(case when kind in ('payment', 'payout') then -amount else amount end), 0)::text as posted,
                            coalesce(sum(amount) filter (where kind in ('deposit', 'credit')), 0)::text as deposits
                       from ${schema}.transfer as t
                      where t.person_id = a.person_id) as moved
 order by a.person_id`;

// Sums up a page of transfers, both sides of each, as the view shows them. For an empty page it returns no row.
const selectSums = `
select page.last as "lastTransferId", page.transfers,
       (select coalesce(sum(amount), 0)::text
          from ${schema}.posting
         where transfer_id > $1
           and transfer_id <= page.last) as sum,
       array(select distinct t.person_id
               from ${schema}.transfer as t
              where t.id > $1
                and t.id <= page.last
                and not exists (select from ${schema}.account as a where a.person_id = t.person_id)
              limit 10) as strangers
  from (select max(id) as last, count(*) as transfers
          from (select id
                  from ${schema}.transfer
                 where id > $1
                 order by id
                 limit $2) as ids) as page
 where page.transfers > 0`;

const selectHighest = `
select coalesce(max(booking_id), 0) as "bookingId"
  from ${schema}.payment`;

const selectHighestPerson = `
select coalesce(max(person_id), 0) as "personId"
  from ${schema}.account`;

/** Reads the records for a reconciliation. Read-only, takes no locks. */
export function createAccountRecords(database: Database): AccountRecords {
  return {
    paymentRecords: ({ after, limit }) => database.query<PaymentEntry>(selectPayments, [after, limit]),
    paymentRecordsOf: (bookingIds) => database.query<PaymentEntry>(selectPaymentsOf, [bookingIds]),
    balances: ({ after, limit }) => database.query<BalanceEntry>(selectBalances, [after, limit]),
    transferSums: ({ after, limit }) => database.query<TransferSum>(selectSums, [after, limit]),
    async highestBooking() {
      const [highest] = await database.query<{ bookingId: number }>(selectHighest);
      return { bookingId: highest?.bookingId ?? 0 };
    },
    async highestPerson() {
      const [highest] = await database.query<{ personId: number }>(selectHighestPerson);
      return { personId: highest?.personId ?? 0 };
    },
  };
}
