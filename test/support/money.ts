import type { Sql } from '../../platform/database/database.ts';

/**
 * Rules that the tables of all four services together must keep after every booking has settled. Each rule is a query
 * for the rows that break it. The rules read the tables directly and share no statement with the services.
 */
const rules: Readonly<Record<string, string>> = {
  'no booking is open': `
select id, status
  from book.booking
 where due_at is not null or status not in (-1, 4)`,

  // Counted in three ways: by the event's counter, by the slots granted, and by the complete bookings.
  'as many slots are taken as were granted and as bookings are complete': `
select id, taken_slots, granted, complete
  from (select id, taken_slots, total_slots,
               (select count(*) from events.slot where event_id = e.id and state = 'granted') as granted,
               (select count(*) from book.booking where event_id = e.id and status = 4) as complete
          from events.event as e) as counted
 where taken_slots <> granted or taken_slots <> complete or taken_slots > total_slots`,

  'a complete booking has one granted slot and one payment, at its price': `
select b.id, b.price, s.state as slot, s.price as slot_price, p.state as payment, p.amount
  from book.booking as b
  left join events.slot     as s on s.booking_id = b.id and s.event_id = b.event_id and s.person_id = b.person_id
  left join account.payment as p on p.booking_id = b.id and p.event_id = b.event_id and p.person_id = b.person_id
 where b.status = 4
   and (s.state is distinct from 'granted' or s.price is distinct from b.price
     or p.state is distinct from 'paid' or p.amount is distinct from b.price)`,

  'only a complete booking has a slot or a payment': `
select held.booking_id, held.what, b.status
  from (select booking_id, 'slot' as what from events.slot where state = 'granted'
        union all
        select booking_id, 'payment' from account.payment where state = 'paid') as held
  left join book.booking as b on b.id = held.booking_id
 where b.status is distinct from 4`,

  'the payments of a booking less its refunds are its price when it is complete, and 0 otherwise': `
select b.id, b.status, b.price, sum(t.amount) as moved
  from book.booking as b
  full join (select booking_id, case kind when 'payment' then amount else -amount end as amount
               from account.transfer where kind in ('payment', 'refund')) as t on t.booking_id = b.id
 group by b.id, coalesce(b.id, t.booking_id)
having coalesce(sum(t.amount), 0) <> case b.status when 4 then b.price else 0 end`,

  'no booking paid more than once': `
select booking_id, kind, count(*)
  from account.transfer
 where kind in ('payment', 'refund')
 group by booking_id, kind
having count(*) > 1`,

  'a balance is the sum of its postings, and deposits are what was paid in': `
select person_id, a.balance, a.deposited, sum(p.amount) as posted
  from account.account as a
  left join account.posting as p on p.party = 'person' and p.party_id = a.person_id
 group by person_id
having a.balance <> coalesce(sum(p.amount), 0) or a.balance < 0
    or a.deposited <> (select coalesce(sum(amount), 0) from account.transfer as t
                        where t.kind in ('deposit', 'credit') and t.person_id = a.person_id)`,

  'a balance is what was paid in less what was paid out and the prices of complete bookings': `
select person_id, balance, deposited, paid_out, paid
  from (select a.person_id, a.balance, a.deposited,
               (select coalesce(sum(amount), 0) from account.transfer as t
                 where t.person_id = a.person_id and t.kind = 'payout') as paid_out,
               (select coalesce(sum(price), 0) from book.booking as b
                 where b.person_id = a.person_id and b.status = 4) as paid
          from account.account as a) as counted
 where balance <> deposited - paid_out - paid`,

  'every credit and every payout has a voucher, and no other transfer has one': `
select t.id, t.kind, v.reference
  from account.transfer as t
  full join account.voucher as v on v.transfer_id = t.id
 where (t.kind in ('credit', 'payout')) is distinct from (v.reference is not null)`,

  'a booking by hand is paid as it was asked, and other bookings from the balance': `
select b.id, b.desk_reference, p.desk_reference as paid_with
  from book.booking as b
  join account.payment as p on p.booking_id = b.id
 where p.state in ('paid', 'refunded')
   and p.desk_reference is distinct from b.desk_reference`,

  'a reference of the desk pays for one booking': `
select desk_reference, count(*)
  from account.payment
 where desk_reference is not null
 group by desk_reference
having count(*) > 1`,

  'money from the desk came in under its reference, and went out again if it was refunded': `
select p.booking_id, p.state, p.amount, p.desk_reference, v.came_in, v.went_out
  from account.payment as p
 cross join lateral (
   select count(*) filter (where t.kind = 'credit' and v.reference = p.desk_reference) as came_in,
          count(*) filter (where t.kind = 'payout'
                             and v.reference ~ (': refund of booking ' || p.booking_id || '( \\(\\d+\\))?$')) as went_out
     from account.voucher  as v
     join account.transfer as t on t.id = v.transfer_id
    where t.person_id = p.person_id
      and t.amount = p.amount
      and starts_with(v.reference, p.desk_reference)) as v
 where p.desk_reference is not null
   and (p.state not in ('paid', 'refunded')
     or v.came_in <> 1
     or v.went_out <> case p.state when 'refunded' then 1 else 0 end)`,

  'a complete booking costs what its buyer saw': `
select id, price, expected_price
  from book.booking
 where status = 4
   and price <> expected_price`,

  'the sum of all postings is 0': `
select sum(amount) as sum
  from account.posting
having coalesce(sum(amount), 0) <> 0`,
};

/** Returns the broken rules, each with up to five rows that break it; an empty object if no rule is broken. */
export async function brokenRules(sql: Sql): Promise<Record<string, object[]>> {
  const broken: Record<string, object[]> = {};
  for (const [rule, query] of Object.entries(rules)) {
    const rows = await sql.query(query);
    if (rows.length > 0) broken[rule] = rows.slice(0, 5);
  }
  return broken;
}
