import type { Connection, Database } from '../platform/database/database.ts';

/** The number of people to whom the stored bookings belong. */
const people = 100_000;
/** The number of events over which the stored bookings are spread. */
const events = 5_000;
/** The price of each booking. */
const price = 5;

// Each statement returns the first id it inserted. The ids are consecutive, so the next statement computes the others.
const insertPeople = `
with added as (
  insert into auth.person (login, login_key, email, first_name, last_name, role, password_hash, created_at)
  select 'old-' || n, 'old-' || n, '', 'Old', 'Person', 'person', null, $2
    from generate_series(1, $1::integer) as n
  returning id)
select min(id) as first from added`;

const insertEvents = `
with added as (
  insert into events.event (name, price, total_slots, organizer_id, created_at)
  select 'old run ' || n, $2, 1000000, 1, $3
    from generate_series(1, $1::integer) as n
  returning id)
select min(id) as first from added`;

const insertBookings = `
with added as (
  insert into book.booking (person_id, event_id, price, status, occupying_at, paying_at, complete_at)
  select $2 + n % ${people}, $3 + n % ${events}, $4, 4, $5, $5, $5
    from generate_series(1, $1::integer) as n
  returning id)
select min(id) as first from added`;

const insertSlots = `
insert into events.slot (booking_id, event_id, person_id, state, price, decided_at)
select id, event_id, person_id, 'granted', price, occupying_at
  from book.booking
 where id >= $1`;

const insertPayments = `
insert into account.payment (booking_id, event_id, person_id, state, amount, decided_at)
select id, event_id, person_id, 'paid', price, paying_at
  from book.booking
 where id >= $1`;

const insertDeposits = `
insert into account.transfer (kind, person_id, amount, made_at)
select 'deposit', person_id, sum(price), $2
  from book.booking
 where id >= $1
 group by person_id`;

const insertTransfers = `
insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
select 'payment', person_id, event_id, id, price, paying_at
  from book.booking
 where id >= $1
 order by id`;

const insertAccounts = `
insert into account.account (person_id, balance, deposited)
select person_id, 0, sum(price)
  from book.booking
 where id >= $1
 group by person_id`;

const countSlots = `
update events.event as e
   set taken_slots = held.count
  from (select event_id, count(*) as count from events.slot where booking_id >= $1 group by event_id) as held
 where e.id = held.event_id`;

/** Stores complete bookings, and the matching records of all services, with set-based statements. */
export async function growTables(database: Database, bookings: number): Promise<void> {
  await database.connection(async (sql: Connection) => {
    const now = new Date();
    const first = async (text: string, values: readonly unknown[]) =>
      (await sql.query<{ first: number }>(text, values))[0]?.first ?? 0;
    const firstPerson = await first(insertPeople, [people, now]);
    const firstEvent = await first(insertEvents, [events, price, now]);
    const firstBooking = await first(insertBookings, [bookings, firstPerson, firstEvent, price, now]);
    for (const text of [insertSlots, insertPayments, insertTransfers, insertAccounts, countSlots]) {
      await sql.query(text, [firstBooking]);
    }
    await sql.query(insertDeposits, [firstBooking, now]);
    // In production autovacuum would have processed these rows. Without this vacuum the first reads would do its work.
    for (const table of ['book.booking', 'events.slot', 'events.event', 'account.payment', 'account.transfer']) {
      await sql.script(`vacuum analyze ${table}`);
    }
  });
}
