import { fileURLToPath } from 'node:url';
import type { Person, Role } from '../contracts/auth.ts';
import type { Database } from '../kit/db.ts';
import type { Migrations } from '../kit/migrate.ts';

const schema = 'auth';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** A person about to be stored. */
export interface PersonDraft {
  readonly login: string;
  readonly loginKey: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** What a login is checked against. Without a hash, no password fits. */
export interface Credential {
  readonly personId: number;
  readonly passwordHash: string | null;
}

/** A session about to be stored. */
export interface SessionDraft {
  readonly tokenHash: Buffer;
  readonly personId: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** `undefined` from a method means that there was nothing to find, or nothing left to do. */
export interface AuthStore {
  /** @returns the new person's id, or nothing when the login is taken. */
  addPerson(person: PersonDraft): Promise<number | undefined>;
  credentialOf(loginKey: string): Promise<Credential | undefined>;
  hasPeople(): Promise<boolean>;
  /** Stores the first people, in their order, unless there are people already. @returns whether it did. */
  addFirstPeople(people: readonly PersonDraft[]): Promise<boolean>;
  /** Replaces a hash that is still the expected one, and ends the person's sessions. @returns whether it was. */
  replacePassword(personId: number, expected: string, passwordHash: string | null): Promise<boolean>;
  startSession(session: SessionDraft): Promise<void>;
  endSession(tokenHash: Buffer): Promise<void>;
  /** Deletes sessions that have expired, at most `atMost` of them. */
  dropExpired(now: Date, atMost: number): Promise<void>;
  /** Answers a set of sessions with their people, in the same order: `null` for one that is unknown or expired. */
  sessionPeople(tokenHashes: readonly Buffer[], now: Date): Promise<(Person | null)[]>;
}

// The look before the insertion keeps a taken login from using up an id, which a mere conflict would do: an identity
// moves on whether or not the row is stored. Two that look at the same moment meet at the unique key.
const insertPerson = `
insert into ${schema}.person (login, login_key, email, first_name, last_name, role, password_hash, created_at)
select $1, $2, $3, $4, $5, $6, $7, $8::timestamptz
where  not exists (select from ${schema}.person where login_key = $2)
on conflict (login_key) do nothing
returning id`;

const selectCredential = `
select id as "personId", password_hash as "passwordHash"
from   ${schema}.person
where  login_key = $1`;

const selectAnyPerson = `
select id
from   ${schema}.person
limit  1`;

// Lets others read, and keeps out all who write or take this lock: of two processes that start at once on an empty
// table, one waits here until the other's people are there to be seen.
const lockPeople = `
lock table ${schema}.person in share row exclusive mode`;

const updatePassword = `
update ${schema}.person
set    password_hash = $3
where  id = $1
and    password_hash = $2
returning id`;

const deleteSessionsOfPerson = `
delete from ${schema}.session
where  person_id = $1`;

const insertSession = `
insert into ${schema}.session (token_hash, person_id, created_at, expires_at)
values ($1, $2, $3, $4)`;

const deleteSession = `
delete from ${schema}.session
where  token_hash = $1`;

// A limit keeps the login that pays for this short after a quiet week with a million sessions. Rows that another
// login is deleting are left to it. As an array the inner query runs once, where a join might run it again, and
// each time lock and delete others up to the limit.
const deleteExpired = `
delete from ${schema}.session
where  token_hash = any (array(
         select token_hash
         from   ${schema}.session
         where  expires_at <= $1
         order  by expires_at
         limit  $2
         for update skip locked
       ))`;

// The ordinality keeps the answers in the order of the questions, and the left joins keep a row for each of them.
const selectSessionPeople = `
select person.id, person.login, person.role, person.email,
       person.first_name as "firstName", person.last_name as "lastName"
from   unnest($1::bytea[]) with ordinality as asked (token_hash, position)
left   join ${schema}.session on session.token_hash = asked.token_hash and session.expires_at > $2
left   join ${schema}.person on person.id = session.person_id
order  by asked.position`;

const columnsOf = (person: PersonDraft) => [
  person.login,
  person.loginKey,
  person.email,
  person.firstName,
  person.lastName,
  person.role,
  person.passwordHash,
  person.createdAt,
];

/** People and sessions in a database. */
export function createAuthStore(database: Database): AuthStore {
  return {
    async addPerson(person) {
      const [added] = await database.query<{ id: number }>(insertPerson, columnsOf(person));
      return added?.id;
    },
    async credentialOf(loginKey) {
      const [credential] = await database.query<Credential>(selectCredential, [loginKey]);
      return credential;
    },
    async hasPeople() {
      return (await database.query(selectAnyPerson)).length > 0;
    },
    addFirstPeople: (people) =>
      database.transaction(async (sql) => {
        await sql.query(lockPeople);
        if ((await sql.query(selectAnyPerson)).length > 0) return false;
        for (const person of people) await sql.query(insertPerson, columnsOf(person));
        return true;
      }),
    replacePassword: (personId, expected, passwordHash) =>
      database.transaction(async (sql) => {
        const replaced = await sql.query(updatePassword, [personId, expected, passwordHash]);
        if (replaced.length === 0) return false;
        await sql.query(deleteSessionsOfPerson, [personId]);
        return true;
      }),
    async startSession({ tokenHash, personId, createdAt, expiresAt }) {
      await database.query(insertSession, [tokenHash, personId, createdAt, expiresAt]);
    },
    async endSession(tokenHash) {
      await database.query(deleteSession, [tokenHash]);
    },
    async dropExpired(now, atMost) {
      await database.query(deleteExpired, [now, atMost]);
    },
    async sessionPeople(tokenHashes, now) {
      const rows = await database.query<Person | Nobody>(selectSessionPeople, [tokenHashes, now]);
      return rows.map((row) => (row.id === null ? null : row));
    },
  };
}

/** What the left joins leave of a session that is not there. */
interface Nobody {
  readonly id: null;
}
