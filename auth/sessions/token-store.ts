import type { Scope } from '../../contracts/scopes.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { schema } from '../schema.ts';
import { type Resolved, type ResolvedRow, resolvedOf } from './session-store.ts';

/** An API token about to be stored. */
export interface TokenDraft {
  readonly tokenHash: Buffer;
  readonly personId: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** An API token as its owner sees it. */
export interface TokenView {
  readonly id: number;
  readonly name: string;
  readonly scopes: Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
}

export interface TokenStore {
  /** The person of each token, in the same order; `null` for a token that is unknown or expired. */
  findByHash(tokenHashes: readonly Buffer[], now: Date): Promise<(Resolved | null)[]>;
  /** Stores `now` as the last use of each token, unless a use after `before` is stored. */
  touch(tokenHashes: readonly Buffer[], now: Date, before: Date): Promise<void>;
  listOf(personId: number): Promise<TokenView[]>;
}

const tokenColumns = `id, name, scopes, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "usedAt"`;

const insertToken = `
insert into ${schema}.api_token (token_hash, person_id, name, scopes, created_at, expires_at)
values ($1, $2, $3, $4::text[], $5, $6)
returning ${tokenColumns}`;

// Locks the person's row: tokens created at the same time are counted one after the other.
const lockPerson = `
select id
from   ${schema}.person
where  id = $1
for    update`;

const countTokensOfPerson = `
select count(*) as count
from   ${schema}.api_token
where  person_id = $1`;

const selectTokensOfPerson = `
select ${tokenColumns}
from   ${schema}.api_token
where  person_id = $1
order  by id`;

const deleteToken = `
delete from ${schema}.api_token
where  id = $1
and    person_id = $2
returning name`;

const deleteTokensOfPerson = `
delete from ${schema}.api_token
where  person_id = $1
returning id`;

const selectByHash = `
select person.id, person.login, person.role, person.email,
       person.first_name as "firstName", person.last_name as "lastName",
       token.scopes, token.last_used_at as "usedAt"
from   unnest($1::bytea[]) with ordinality as asked (token_hash, position)
left   join ${schema}.api_token token on token.token_hash = asked.token_hash
       and (token.expires_at is null or token.expires_at > $2)
left   join ${schema}.person on person.id = token.person_id
order  by asked.position`;

// Skips locked rows: another process is storing a use of the token, or deleting the token.
const touchTokens = `
update ${schema}.api_token
set    last_used_at = $2
where  id = any (array(
         select id
         from   ${schema}.api_token
         where  token_hash = any($1::bytea[])
         and    (last_used_at is null or last_used_at <= $3)
         order  by id
         for update skip locked
       ))`;

export async function addToken(sql: Sql, draft: TokenDraft): Promise<TokenView> {
  const { tokenHash, personId, name, scopes, createdAt, expiresAt } = draft;
  const values = [tokenHash, personId, name, scopes, createdAt, expiresAt];
  const [token] = await sql.query<TokenView>(insertToken, values);
  return token as TokenView;
}

/** Locks a person, so that no other token is created meanwhile. @returns how many tokens the person has. */
export async function lockTokensOf(sql: Sql, personId: number): Promise<number> {
  await sql.query(lockPerson, [personId]);
  const [row] = await sql.query<{ count: number }>(countTokensOfPerson, [personId]);
  return row?.count ?? 0;
}

/** Deletes a person's token. @returns its name; undefined if the person has no token with this id. */
export async function removeToken(sql: Sql, id: number, personId: number): Promise<string | undefined> {
  const [removed] = await sql.query<{ name: string }>(deleteToken, [id, personId]);
  return removed?.name;
}

/** Deletes all tokens of a person. @returns how many there were. */
export async function removeTokensOf(sql: Sql, personId: number): Promise<number> {
  return (await sql.query(deleteTokensOfPerson, [personId])).length;
}

export function createTokenStore(database: Database): TokenStore {
  return {
    async findByHash(tokenHashes, now) {
      return (await database.query<ResolvedRow>(selectByHash, [tokenHashes, now])).map(resolvedOf);
    },
    async touch(tokenHashes, now, before) {
      await database.query(touchTokens, [tokenHashes, now, before]);
    },
    listOf: (personId) => database.query<TokenView>(selectTokensOfPerson, [personId]),
  };
}
