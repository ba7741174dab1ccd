import type { Sql } from '../../platform/database/database.ts';
import { schema } from '../schema.ts';

/** The person whose password a token resets. */
export interface FoundReset {
  readonly personId: number;
  readonly login: string;
}

const upsertReset = `
insert into ${schema}.password_reset (person_id, token_hash, expires_at)
values ($1, $2, $3)
on conflict (person_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`;

const selectReset = `
select person.id as "personId", person.login
from   ${schema}.password_reset
join   ${schema}.person on person.id = password_reset.person_id
where  password_reset.token_hash = $1
and    password_reset.expires_at > $2`;

const deleteReset = `
delete from ${schema}.password_reset
where  token_hash = $1
and    expires_at > $2
returning person_id as "personId"`;

const deleteResetsOfPerson = `
delete from ${schema}.password_reset
where  person_id = $1`;

/** Stores a person's reset token; it replaces the previous one. */
export async function addReset(sql: Sql, personId: number, tokenHash: Buffer, expiresAt: Date): Promise<void> {
  await sql.query(upsertReset, [personId, tokenHash, expiresAt]);
}

export async function findReset(sql: Sql, tokenHash: Buffer, now: Date): Promise<FoundReset | undefined> {
  const [found] = await sql.query<FoundReset>(selectReset, [tokenHash, now]);
  return found;
}

/** Deletes a valid token. @returns its person's id; undefined when the token is unknown, used or expired. */
export async function takeReset(sql: Sql, tokenHash: Buffer, now: Date): Promise<number | undefined> {
  const [taken] = await sql.query<{ personId: number }>(deleteReset, [tokenHash, now]);
  return taken?.personId;
}

export async function removeResetsOf(sql: Sql, personId: number): Promise<void> {
  await sql.query(deleteResetsOfPerson, [personId]);
}
