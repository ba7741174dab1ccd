import type { Sql } from '../../platform/database/database.ts';

const selectOpen = 'select id from book.booking where due_at is not null limit 1';

/** The rules that the tables must keep after a peer's turn. Each query selects the rows that break its rule. */
const rules: Readonly<Record<string, string>> = {
  'no booking is open': selectOpen,
  'as many slots are taken as were granted': `
select e.id
  from events.event as e
  left join (select event_id, count(*) from events.slot where state = 'granted' group by event_id) as held
    on held.event_id = e.id
 where e.taken_slots <> coalesce(held.count, 0) or e.taken_slots > e.total_slots`,
  'a booking has a slot and a payment exactly when it is complete': `
select b.id
  from book.booking as b
  full join (select * from events.slot where state = 'granted') as s on s.booking_id = b.id
  full join (select * from account.payment where state = 'paid') as p on p.booking_id = coalesce(b.id, s.booking_id)
 where (b.status is not distinct from 4) <> (s.booking_id is not null)
    or (b.status is not distinct from 4) <> (p.booking_id is not null)`,
  'a balance is what was deposited and not paid': `
select a.person_id
  from account.account as a
  left join (select person_id, sum(case kind when 'payment' then -amount else amount end) as sum
               from account.transfer group by person_id) as moved on moved.person_id = a.person_id
 where a.balance <> coalesce(moved.sum, 0)`,
};

/** The names of the broken rules. */
export async function brokenPeerRules(sql: Sql): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(rules)) {
    if ((await sql.query(query)).length > 0) broken.push(rule);
  }
  return broken;
}

/** Whether any booking is open. */
export async function hasOpen(sql: Sql): Promise<boolean> {
  return (await sql.query(selectOpen)).length > 0;
}
