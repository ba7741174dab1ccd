import type { Database } from '../../platform/database/database.ts';
import { Unauthenticated, Unavailable } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Credentials, loginKey, tokenHash } from '../credentials.ts';
import {
  addSession,
  endSession,
  endSessionsOf,
  lockPersonBehind,
  type SessionStore,
} from '../sessions/session-store.ts';
import { type AuthStore, lockPasswordOf, replacePassword } from '../store.ts';

/** A login adds at most one session and deletes up to 100 expired ones, so the table does not grow forever. */
const expiredDroppedAtLogin = 100;

/** The request that signs in, apart from the login and the password. */
export interface LoginRequest {
  /** The session id in the request's cookie. This session ends, because the browser gets a new one. */
  readonly sessionId?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The client's address. */
  readonly from?: string;
}

export interface SignInParts {
  readonly database: Database;
  readonly store: AuthStore;
  readonly sessions: SessionStore;
  readonly credentials: Credentials;
  readonly world: World;
  /** The maximum duration of a session, however often it is used, in milliseconds. */
  readonly lifetimeMs: number;
}

/** A person whose password was checked, and the hash it was checked against. */
interface Checked {
  readonly personId: number;
  readonly passwordHash: string;
}

export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /**
   * Starts a session, always under a new id: a session id that an attacker planted in the browser must not become
   * valid.
   * @returns the session's id. @throws Unauthenticated, with the same message for an unknown login and a wrong
   * password.
   */
  async logIn(login: string, password: string, request: LoginRequest = {}): Promise<string> {
    const { database, store, credentials } = this.#parts;
    credentials.checkRoom();
    const { personId, passwordHash = null } = (await store.credentialOf(loginKey(login))) ?? {};
    const fits = await credentials.fits(password, passwordHash);
    if (personId === undefined || passwordHash === null || !fits) {
      // The typed login is not recorded: people sometimes type their password into that field.
      const to = personId !== undefined && { to: personId };
      const entry = { action: 'login_failed', by: null, ...to, details: addressOf(request) } as const;
      await appendAuditEntry(database, this.#now(), entry);
      throw new Unauthenticated('The login or the password is wrong.');
    }
    const current = await this.#renewHash({ personId, passwordHash }, password);
    const sessionId = await this.#startSession({ personId, passwordHash: current }, request);
    // The password or its hash was replaced meanwhile: check again.
    return sessionId ?? this.logIn(login, password, request);
  }

  /** Ends a session; with `everywhere`, all sessions of its person. An unknown session is ignored. */
  logOut(sessionId: string, everywhere = false): Promise<void> {
    return this.#parts.database.transaction(async (sql) => {
      const hash = tokenHash(sessionId);
      if (everywhere) await lockPersonBehind(sql, hash);
      const personId = await endSession(sql, hash);
      if (personId === undefined) return;
      if (everywhere) await endSessionsOf(sql, personId);
      const action = everywhere ? 'logged_out_everywhere' : 'logged_out';
      await appendAuditEntry(sql, this.#now(), { action, by: personId });
    });
  }

  /** Starts a session if the person still has the checked password. @returns its id; undefined if not. */
  async #startSession({ personId, passwordHash }: Checked, request: LoginRequest): Promise<string | undefined> {
    const { database, sessions, world, lifetimeMs } = this.#parts;
    const { sessionId: old, userAgent } = request;
    const createdAt = this.#now();
    const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
    const sessionId = world.uuid();
    await sessions.dropExpired(createdAt, expiredDroppedAtLogin);
    return database.transaction(async (sql) => {
      // A password change ends all sessions. The lock keeps the old password from starting another one afterwards.
      if (!(await lockPasswordOf(sql, personId, passwordHash))) return undefined;
      if (old !== undefined) await endSession(sql, tokenHash(old));
      const draft = { tokenHash: tokenHash(sessionId), personId, createdAt, expiresAt };
      await addSession(sql, { ...draft, userAgent: userAgent === undefined ? null : asLine(userAgent) });
      await appendAuditEntry(sql, createdAt, { action: 'logged_in', by: personId, details: addressOf(request) });
      return sessionId;
    });
  }

  /**
   * Rehashes a password at the current cost. Only a login can do this, because it has the password.
   * @returns the hash now stored.
   */
  async #renewHash({ personId, passwordHash }: Checked, password: string): Promise<string> {
    const { database, credentials } = this.#parts;
    if (!credentials.isOutdated(passwordHash)) return passwordHash;
    try {
      const renewed = await credentials.hash(password);
      return (await replacePassword(database, personId, passwordHash, renewed)) ? renewed : passwordHash;
    } catch (error) {
      // The queue for hashing is full: the next login renews the hash.
      if (!(error instanceof Unavailable)) throw error;
      return passwordHash;
    }
  }

  #now(): Date {
    return new Date(this.#parts.world.now());
  }
}

const addressOf = ({ from }: LoginRequest) => (from === undefined ? {} : { from });

/** Makes a header safe to display: one line without control characters, at most 200 characters long. */
function asLine(header: string): string {
  return header.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}
