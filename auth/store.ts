import type { Role } from '../contracts/auth/calls.ts';
import type { Database, Sql } from '../platform/database/database.ts';
import { schema } from './schema.ts';
import { searchKeyOf, skeletonOf } from './text-keys-store.ts';

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

/** The password hash of a person. Without a hash, no password fits. */
export interface Credential {
  readonly personId: number;
  readonly passwordHash: string | null;
}

export interface AuthStore {
  credentialOf(loginKey: string): Promise<Credential | undefined>;
  hasPeople(): Promise<boolean>;
  /** Stores the first people, in order, unless there are people already. @returns whether they were stored. */
  addFirstPeople(people: readonly PersonDraft[]): Promise<boolean>;
}

const selectWhetherSetUp = `select to_regclass('${schema}.person') is not null as "isThere"`;

// `where not exists` keeps a taken login from using up an id: a sequence advances even if the row conflicts. Of two
// simultaneous registrations, the unique key rejects one.
const insertPerson = `
insert into ${schema}.person (login, login_key, email, first_name, last_name, role, password_hash, created_at,
       skeleton, search_key)
select $1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10
where  not exists (select from ${schema}.person where login_key = $2)
on conflict (login_key) do nothing
returning id`;

const selectCredential = `
select id as "personId", password_hash as "passwordHash"
from   ${schema}.person
where  login_key = $1`;

const selectAlike = `
select login_key = $1 as "isSame"
from   ${schema}.person
where  login_key = $1
or     skeleton = any($2::text[])
order  by login_key <> $1
limit  1`;

// Two registrations of one look at once would both find it free: the second waits for the first to commit.
const lockSkeletons = `
select pg_advisory_xact_lock(hash)
from   (select distinct hashtextextended(look, 0) as hash from unnest($1::text[]) as t (look) order by hash) as hashes`;

const selectCredentialOfPerson = `
select id as "personId", login, password_hash as "passwordHash"
from   ${schema}.person
where  id = $1`;

const selectAnyPerson = `
select id
from   ${schema}.person
limit  1`;

// Blocks writers, not readers: of two processes that start at once on an empty table, the second waits and then sees
// the people of the first.
const lockPeople = `
lock table ${schema}.person in share row exclusive mode`;

const updatePassword = `
update ${schema}.person
set    password_hash = $3
where  id = $1
and    password_hash is not distinct from $2
returning id`;

const lockPerson = `
select id
from   ${schema}.person
where  id = $1
for    no key update`;

const lockPassword = `
select id
from   ${schema}.person
where  id = $1
and    password_hash = $2
for    share`;

const columnsOf = (person: PersonDraft) => [
  person.login,
  person.loginKey,
  person.email,
  person.firstName,
  person.lastName,
  person.role,
  person.passwordHash,
  person.createdAt,
  skeletonOf(person),
  searchKeyOf(person),
];

/** Whether a login exists already (`same`), or another one that looks like it (`look_alike`). */
export async function findAlike(
  sql: Sql,
  login: Pick<PersonDraft, 'loginKey'> & { readonly looks: readonly string[] },
): Promise<'same' | 'look_alike' | undefined> {
  const [found] = await sql.query<{ isSame: boolean }>(selectAlike, [login.loginKey, login.looks]);
  if (found === undefined) return undefined;
  return found.isSame ? 'same' : 'look_alike';
}

/** Locks what a login looks like until the transaction ends: no other registration takes the same look meanwhile. */
export async function lockLooks(sql: Sql, looks: readonly string[]): Promise<void> {
  await sql.query(lockSkeletons, [looks]);
}

/** Stores a person. @returns the id; undefined when the login is taken. */
export async function addPerson(sql: Sql, person: PersonDraft): Promise<number | undefined> {
  const [added] = await sql.query<{ id: number }>(insertPerson, columnsOf(person));
  return added?.id;
}

export async function credentialOfPerson(
  sql: Sql,
  personId: number,
): Promise<(Credential & { readonly login: string }) | undefined> {
  const [found] = await sql.query<Credential & { login: string }>(selectCredentialOfPerson, [personId]);
  return found;
}

export async function lockPersonOf(sql: Sql, personId: number): Promise<void> {
  await sql.query(lockPerson, [personId]);
}

/** Locks a person's hash until the transaction ends. @returns whether the person still has this hash. */
export async function lockPasswordOf(sql: Sql, personId: number, passwordHash: string): Promise<boolean> {
  return (await sql.query(lockPassword, [personId, passwordHash])).length > 0;
}

/** Replaces a person's hash if it is still the expected one. @returns whether it was replaced. */
export async function replacePassword(
  sql: Sql,
  personId: number,
  expected: string | null,
  passwordHash: string | null,
): Promise<boolean> {
  return (await sql.query(updatePassword, [personId, expected, passwordHash])).length > 0;
}

/** Whether a database has auth's tables. */
export async function isSetUp(sql: Sql): Promise<boolean> {
  const [found] = await sql.query<{ isThere: boolean }>(selectWhetherSetUp);
  return found?.isThere === true;
}

export function createAuthStore(database: Database): AuthStore {
  return {
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
  };
}
