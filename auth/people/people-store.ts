import type { PersonFound, PersonName, Role } from '../../contracts/auth/calls.ts';
import { searchWords } from '../../contracts/text/search.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { loginKey } from '../credentials.ts';
import { schema } from '../schema.ts';
import { fillTextKeys } from '../text-keys-store.ts';

/** A person as shown to admins. */
export interface PersonView extends PersonName {
  readonly role: Role;
  readonly email: string;
  readonly createdAt: Date;
}

export interface PeopleStore {
  /** A page of people. With a search, only people whose login, name and email contain all its words. */
  page(search: string | undefined, page: Page): Promise<PersonView[]>;
  /** The names of people, in the order of the ids; `null` for an unknown id. */
  names(personIds: readonly number[]): Promise<(PersonName | null)[]>;
  /** The people with these logins, in the same order; `null` for an unknown login. */
  findByLogin(logins: readonly string[]): Promise<(PersonFound | null)[]>;
}

const personColumns = `id, login, role, email, first_name as "firstName", last_name as "lastName",
       created_at as "createdAt"`;

// `strpos`, not `like`: the search text may contain `%` and `_`.
const selectPeople = `
select ${personColumns}
from   ${schema}.person
where  id > $1
and    not exists (select from unnest($3::text[]) as word where strpos(search_key, word) = 0)
order  by id
limit  $2`;

const selectNames = `
select person.id, person.login, person.first_name as "firstName", person.last_name as "lastName"
from   unnest($1::bigint[]) with ordinality as asked (id, position)
left   join ${schema}.person on person.id = asked.id
order  by asked.position`;

const selectByLogin = `
select person.id, person.login, person.role, person.first_name as "firstName", person.last_name as "lastName"
from   unnest($1::text[]) with ordinality as asked (login_key, position)
left   join ${schema}.person on person.login_key = asked.login_key
order  by asked.position`;

// Locks all admins in id order: when two admins demote each other at once, the second sees the first change, and there
// is no deadlock.
const lockForRole = `
select ${personColumns}
from   ${schema}.person
where  id = $1
or     role = 'admin'
order  by id
for    update`;

const updateRole = `
update ${schema}.person
set    role = $2
where  id = $1`;

/** Locks and reads the person whose role changes, and all admins. */
export function lockForRoleOf(sql: Sql, personId: number): Promise<PersonView[]> {
  return sql.query<PersonView>(lockForRole, [personId]);
}

/** Sets a person's role. The person must be locked. */
export async function setRole(sql: Sql, personId: number, role: Role): Promise<void> {
  await sql.query(updateRole, [personId, role]);
}

export function createPeopleStore(database: Database): PeopleStore {
  return {
    async page(search = '', { after, limit }) {
      const words = searchWords(search);
      if (words.length > 0) await fillTextKeys(database);
      return database.query<PersonView>(selectPeople, [after, limit, words]);
    },
    async names(personIds) {
      const rows = await database.query<PersonName | { id: null }>(selectNames, [personIds]);
      return rows.map((row) => (row.id === null ? null : row));
    },
    async findByLogin(logins) {
      const rows = await database.query<PersonFound | { id: null }>(selectByLogin, [logins.map(loginKey)]);
      return rows.map((row) => (row.id === null ? null : row));
    },
  };
}
