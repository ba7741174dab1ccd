import type { Person, Role } from '../../contracts/auth/calls.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { Unauthenticated } from '../../platform/errors.ts';
import { tokenHash } from '../credentials.ts';
import { schema } from '../schema.ts';

/** A session about to be stored. */
export interface SessionDraft {
  readonly tokenHash: Buffer;
  readonly personId: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The `User-Agent` header. */
  readonly userAgent: string | null;
}

/** A session as its owner sees it: without its id. */
export interface SessionView {
  readonly createdAt: Date;
  readonly usedAt: Date;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
  readonly isCurrent: boolean;
}

/** The person of a session or API token, and its last stored use. */
export interface Resolved {
  readonly person: Person;
  readonly usedAt: Date | null;
}

export interface SessionStore {
  /**
   * The person of each session, in the same order; `null` for a session that is unknown, expired, or not used since
   * `idleSince`.
   */
  findByHash(tokenHashes: readonly Buffer[], now: Date, idleSince: Date): Promise<(Resolved | null)[]>;
  /** Sets the last use of each session to `now`, except where the stored last use is later than `before`. */
  touch(tokenHashes: readonly Buffer[], now: Date, before: Date): Promise<void>;
  /** The newest 100 sessions of a person that have not ended; the current one first. */
  listOf(personId: number, current: Buffer, now: Date, idleSince: Date): Promise<SessionView[]>;
  /** Deletes sessions that have expired, at most `atMost` of them. */
  dropExpired(now: Date, atMost: number): Promise<void>;
}

const insertSession = `
insert into ${schema}.session (token_hash, person_id, created_at, expires_at, user_agent)
values ($1, $2, $3, $4, $5)`;

const lockPersonOfSession = `
select id
from   ${schema}.person
where  id = (select person_id from ${schema}.session where token_hash = $1)
for    no key update`;

const deleteSession = `
delete from ${schema}.session
where  token_hash = $1
returning person_id as "personId"`;

const deleteSessionsOfPerson = `
delete from ${schema}.session
where  person_id = $1
and    token_hash is distinct from $2`;

// A login runs this statement. The limit keeps it short, even when a million sessions have expired. Rows that another
// login is deleting are skipped. `array (…)` makes the inner query run once; a join might run it several times, and
// each run would lock and delete further rows up to the limit.
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

// The ordinality gives the rows the order of the hashes; the left joins return a row for an unknown hash too.
const selectByHash = `
select person.id, person.login, person.role, person.email,
       person.first_name as "firstName", person.last_name as "lastName",
       coalesce(session.last_used_at, session.created_at) as "usedAt"
from   unnest($1::bytea[]) with ordinality as asked (token_hash, position)
left   join ${schema}.session on session.token_hash = asked.token_hash
       and session.expires_at > $2 and coalesce(session.last_used_at, session.created_at) > $3
left   join ${schema}.person on person.id = session.person_id
order  by asked.position`;

// Skips locked rows: another process is storing a use of the session, or deleting the session.
const touchSessions = `
update ${schema}.session
set    last_used_at = $2
where  token_hash = any (array(
         select token_hash
         from   ${schema}.session
         where  token_hash = any($1::bytea[])
         and    coalesce(last_used_at, created_at) <= $3
         order  by token_hash
         for update skip locked
       ))`;

const selectSessionsOfPerson = `
select created_at as "createdAt", coalesce(last_used_at, created_at) as "usedAt", expires_at as "expiresAt",
       user_agent as "userAgent", token_hash = $2 as "isCurrent"
from   ${schema}.session
where  person_id = $1
and    expires_at > $3
and    coalesce(last_used_at, created_at) > $4
order  by token_hash = $2 desc, created_at desc
limit  100`;

const selectRole = `
select person.role
from   ${schema}.session
join   ${schema}.person on person.id = session.person_id
where  session.token_hash = $1`;

/** A person with their session, for an action whose effect outlasts the session. */
export interface Actor {
  readonly id: number;
  readonly sessionId: string;
}

/**
 * Reads a person's role again in the transaction. Sessions and roles are cached for a second; in that second, a person
 * whose session has ended or whose role was taken away must not change anything that outlasts the session.
 * @returns the current role. @throws Unauthenticated when the session has ended.
 */
export async function roleNow(sql: Sql, { sessionId }: Actor): Promise<Role> {
  const [found] = await sql.query<{ role: Role }>(selectRole, [tokenHash(sessionId)]);
  if (found === undefined) throw new Unauthenticated('The session has ended. Sign in again.');
  return found.role;
}

export async function addSession(sql: Sql, draft: SessionDraft): Promise<void> {
  const { tokenHash, personId, createdAt, expiresAt, userAgent } = draft;
  await sql.query(insertSession, [tokenHash, personId, createdAt, expiresAt, userAgent]);
}

/**
 * Locks the person of a session. Required before several sessions of a person are ended: otherwise two requests that
 * have each locked one session, and need the one that the other has locked, deadlock.
 */
export async function lockPersonBehind(sql: Sql, tokenHash: Buffer): Promise<void> {
  await sql.query(lockPersonOfSession, [tokenHash]);
}

/** Ends a session. @returns the id of its person, or undefined if the session does not exist. */
export async function endSession(sql: Sql, tokenHash: Buffer): Promise<number | undefined> {
  const [ended] = await sql.query<{ personId: number }>(deleteSession, [tokenHash]);
  return ended?.personId;
}

/** Ends all sessions of a person except `kept`. The person must be locked. */
export async function endSessionsOf(sql: Sql, personId: number, kept: Buffer | null = null): Promise<void> {
  await sql.query(deleteSessionsOfPerson, [personId, kept]);
}

export function createSessionStore(database: Database): SessionStore {
  return {
    async findByHash(tokenHashes, now, idleSince) {
      const rows = await database.query<ResolvedRow>(selectByHash, [tokenHashes, now, idleSince]);
      return rows.map(resolvedOf);
    },
    async touch(tokenHashes, now, before) {
      await database.query(touchSessions, [tokenHashes, now, before]);
    },
    listOf: (personId, current, now, idleSince) =>
      database.query<SessionView>(selectSessionsOfPerson, [personId, current, now, idleSince]),
    async dropExpired(now, atMost) {
      await database.query(deleteExpired, [now, atMost]);
    },
  };
}

/** The row read for a session or token. The left joins return a row without an id for an unknown one. */
export type ResolvedRow = (Person & { readonly usedAt: Date | null }) | { readonly id: null };

export function resolvedOf(row: ResolvedRow): Resolved | null {
  if (row.id === null) return null;
  const { usedAt, ...person } = row;
  return { person, usedAt };
}
