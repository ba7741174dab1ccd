import type { Sql } from '../../../platform/database/database.ts';

const tables = ['account.account', 'account.payment', 'account.transfer', 'events.slot', 'book.booking'];
/** The first id of the people who book: above all ids that a test creates. */
const firstPerson = 1_000_001;

/**
 * Inserts complete bookings of an event as the services would store them: each with its slot, its payment and its
 * transfer, for a thousand people who had the money. Making the bookings through the API would take minutes.
 * @param bookings the number of bookings, a multiple of 1,000.
 */
export async function fill(
  sql: Sql,
  eventId: number,
  { bookings, price }: { readonly bookings: number; readonly price: number },
): Promise<void> {
  const at = new Date();
  const people = 1_000;
  const each = bookings / people;
  await sql.query(
    `insert into auth.person (id, login, login_key, email, first_name, last_name, role, created_at)
     overriding system value
     select $2 + n, 'filled-' || n, 'filled-' || n, '', '', '', 'person', $3 from generate_series(0, $1 - 1) as n`,
    [people, firstPerson, at],
  );
  await sql.query(
    `insert into account.account (person_id, balance, deposited)
     select $3 + n, 0, $1 from generate_series(0, $2 - 1) as n`,
    [each * price, people, firstPerson],
  );
  await sql.query(
    `insert into account.transfer (kind, person_id, amount, made_at)
     select 'deposit', $4 + n, $1, $3 from generate_series(0, $2 - 1) as n`,
    [each * price, people, at, firstPerson],
  );
  await sql.query(
    `insert into book.booking (person_id, event_id, price, status, occupying_at, paying_at, complete_at)
     select $6 + n % $1, $2, $3, 4, $4, $4, $4 from generate_series(1, $5) as n`,
    [people, eventId, price, at, bookings, firstPerson],
  );
  await sql.query(
    `insert into events.slot (booking_id, event_id, person_id, state, price, decided_at)
     select id, event_id, person_id, 'granted', price, $2 from book.booking where event_id = $1 and person_id >= $3`,
    [eventId, at, firstPerson],
  );
  await sql.query('update events.event set taken_slots = taken_slots + $2 where id = $1', [eventId, bookings]);
  await sql.query(
    `insert into account.payment (booking_id, event_id, person_id, state, amount, decided_at)
     select id, event_id, person_id, 'paid', price, $2 from book.booking where event_id = $1 and person_id >= $3`,
    [eventId, at, firstPerson],
  );
  await sql.query(
    `insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
     select 'payment', person_id, event_id, id, price, $2 from book.booking where event_id = $1 and person_id >= $3`,
    [eventId, at, firstPerson],
  );
}

/** Updates the statistics of the server after the insert. */
export async function analyze(sql: Sql): Promise<void> {
  for (const table of tables) await sql.query(`analyze ${table}`);
}
