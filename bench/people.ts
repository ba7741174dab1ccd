import { randomUUID } from 'node:crypto';
import { tokenHash } from '../auth/credentials.ts';
import type { Sql } from '../platform/database/database.ts';

/** A person with a session. */
export interface Person {
  readonly id: number;
  /** The value of the header `cookie`. */
  readonly cookie: string;
}

/** The people of a run, and an admin who creates the events and reconciles the records. */
export interface Crowd {
  readonly admin: Person;
  readonly people: readonly Person[];
}

// The people have sessions but no passwords: hashing thousands of passwords would take minutes.
const insertPeople = `
insert into auth.person (login, login_key, email, first_name, last_name, role, password_hash, created_at)
select login, login, login || '@example.org', 'Person', login, role, null, $3
  from unnest($1::text[], $2::text[]) as t (login, role)
returning id`;

const insertSessions = `
insert into auth.session (token_hash, person_id, created_at, expires_at)
select token_hash, person_id, $3, $4
  from unnest($1::bytea[], $2::bigint[]) as t (token_hash, person_id)`;

const insertAccounts = `
insert into account.account (person_id, balance, deposited)
select person_id, $2, $2 from unnest($1::bigint[]) as t (person_id)`;

const insertDeposits = `
insert into account.transfer (kind, person_id, amount, made_at)
select 'deposit', person_id, $2, $3 from unnest($1::bigint[]) as t (person_id)`;

const dayMs = 86_400_000;

/**
 * Stores people with sessions and balances in the tables of auth and account, with set-based statements.
 * @param money the balance of each person.
 * @param poor the number of people with a balance of 0.
 */
export async function storeCrowd(sql: Sql, count: number, { money = 1_000_000_000, poor = 0 } = {}): Promise<Crowd> {
  const now = new Date();
  const prefix = `bench-${randomUUID()}`;
  const logins = Array.from({ length: count + 1 }, (_, index) => `${prefix}-${index}`);
  const roles = logins.map((_, index) => (index === 0 ? 'admin' : 'person'));
  const rows = await sql.query<{ id: number }>(insertPeople, [logins, roles, now]);
  const sessions = rows.map(({ id }) => ({ id, sessionId: randomUUID() }));
  const hashes = sessions.map(({ sessionId }) => tokenHash(sessionId));
  const ids = rows.map(({ id }) => id);
  await sql.query(insertSessions, [hashes, ids, now, new Date(now.getTime() + dayMs)]);
  // People without money are spread evenly, for example every fourth person.
  const isPoor = (index: number) => poor > 0 && index % Math.round(count / poor) === 0;
  const rich = ids.filter((_, index) => !isPoor(index));
  await sql.query(insertAccounts, [rich, money]);
  await sql.query(insertDeposits, [rich, money, now]);
  await sql.query(insertAccounts, [ids.filter((_, index) => isPoor(index)), 0]);
  const [admin, ...people] = sessions.map(({ id, sessionId }) => ({ id, cookie: `session_id=${sessionId}` }));
  if (admin === undefined) throw new Error('no admin was stored');
  return { admin, people };
}
