import type { Database } from '../../platform/database/database.ts';
import { Conflict, Unauthenticated, Unavailable } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Credentials, loginKey, tokenHash } from '../credentials.ts';
import { checkNewPassword } from '../passwords/passwords.ts';
import {
  addSession,
  endSession,
  endSessionsOf,
  lockPersonBehind,
  type SessionStore,
  type SessionView,
} from '../sessions/session-store.ts';
import { type AuthStore, addPerson, lockPasswordOf, replacePassword } from '../store.ts';

/** Each login may add one session, so deleting more than one keeps the table from growing for ever. */
const expiredDroppedAtLogin = 100;

/** What somebody says of themselves when they register. */
export interface Registration {
  readonly login: string;
  readonly password: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** What a request to sign in carries beside the login and the password. */
export interface Arrival {
  /** The session that its cookie names: it ends, for its browser has a new one now. */
  readonly sessionId?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The address that it comes from. */
  readonly from?: string;
}

/** What people do at the door. */
export interface People {
  /**
   * Starts a session, always under a new id: one that was planted in somebody's browser must not become theirs.
   * @returns the session's id. @throws Unauthenticated, the same for an unknown login and a wrong password.
   */
  logIn(login: string, password: string, arrival?: Arrival): Promise<string>;
  /** Ends a session; with `everywhere` all others of its person, too. Harmless when there is none. */
  logOut(sessionId: string, everywhere?: boolean): Promise<void>;
  /** The sessions of a person, and which of them is the one with this id. */
  sessionsOf(personId: number, currentId: string): Promise<SessionView[]>;
  /** @returns the new person's id. @throws Conflict when the login is taken. */
  register(registration: Registration): Promise<number>;
}

export interface PeopleParts {
  readonly database: Database;
  readonly store: AuthStore;
  readonly sessions: SessionStore;
  readonly credentials: Credentials;
  readonly world: World;
  /** A session ends so long after its login, however much it was used, in milliseconds. */
  readonly lifetimeMs: number;
  /** And when it was not used for so long. */
  readonly idleMs: number;
}

/** Whose password was checked, and against which hash. */
interface Checked {
  readonly personId: number;
  readonly passwordHash: string;
}

export function createPeople(parts: PeopleParts): People {
  const { database, store, sessions, credentials, world, lifetimeMs, idleMs } = parts;

  const now = () => new Date(world.now());

  /** Starts a session if the password that was checked is still the person's. @returns nothing when it is not. */
  async function startSession({ personId, passwordHash }: Checked, arrival: Arrival): Promise<string | undefined> {
    const { sessionId: old, userAgent } = arrival;
    const createdAt = now();
    const expiresAt = new Date(world.now() + lifetimeMs);
    const sessionId = world.uuid();
    await sessions.dropExpired(createdAt, expiredDroppedAtLogin);
    return database.transaction(async (sql) => {
      // Whoever changes a password ends the sessions that there are: none may come after by the old one.
      if (!(await lockPasswordOf(sql, personId, passwordHash))) return undefined;
      if (old !== undefined) await endSession(sql, tokenHash(old));
      const draft = { tokenHash: tokenHash(sessionId), personId, createdAt, expiresAt };
      await addSession(sql, { ...draft, userAgent: userAgent === undefined ? null : asLine(userAgent) });
      await appendAuditEntry(sql, createdAt, { action: 'logged_in', by: personId, details: whence(arrival) });
      return sessionId;
    });
  }

  /** Only at a login is the password there to be hashed anew, at the cost of today. @returns the hash from then on. */
  async function renewHash({ personId, passwordHash }: Checked, password: string): Promise<string> {
    if (!credentials.isOutdated(passwordHash)) return passwordHash;
    try {
      const renewed = await credentials.hash(password);
      return (await replacePassword(database, personId, passwordHash, renewed)) ? renewed : passwordHash;
    } catch (error) {
      // Too many wait for their turn: the next login will do.
      if (!(error instanceof Unavailable)) throw error;
      return passwordHash;
    }
  }

  async function logIn(login: string, password: string, arrival: Arrival = {}): Promise<string> {
    credentials.checkRoom();
    const credential = await store.credentialOf(loginKey(login));
    const { personId, passwordHash = null } = credential ?? {};
    const fits = await credentials.fits(password, passwordHash);
    if (personId === undefined || passwordHash === null || !fits) {
      // Not the login as it was typed: many a password is typed there.
      const whom = personId !== undefined && { to: personId };
      await appendAuditEntry(database, now(), { action: 'login_failed', by: null, ...whom, details: whence(arrival) });
      throw new Unauthenticated('The login or the password is wrong.');
    }
    const current = await renewHash({ personId, passwordHash }, password);
    const sessionId = await startSession({ personId, passwordHash: current }, arrival);
    // Somebody else has changed the password meanwhile, or renewed its hash: it is looked at again.
    return sessionId ?? logIn(login, password, arrival);
  }

  return {
    logIn,
    logOut: (sessionId, everywhere = false) =>
      database.transaction(async (sql) => {
        const hash = tokenHash(sessionId);
        if (everywhere) await lockPersonBehind(sql, hash);
        const personId = await endSession(sql, hash);
        if (personId === undefined) return;
        if (everywhere) await endSessionsOf(sql, personId);
        await appendAuditEntry(sql, now(), {
          action: everywhere ? 'logged_out_everywhere' : 'logged_out',
          by: personId,
        });
      }),
    sessionsOf: (personId, currentId) =>
      sessions.listOf(personId, tokenHash(currentId), now(), new Date(world.now() - idleMs)),
    async register({ password, ...person }) {
      credentials.checkRoom();
      checkNewPassword(password, person.login, 'password');
      const key = loginKey(person.login);
      const taken = new Conflict('This login is taken.', 'login', { reason: 'login_taken' });
      // Spares the work of hashing. The insertion looks again, for the login may be taken meanwhile.
      if ((await store.credentialOf(key)) !== undefined) throw taken;
      const passwordHash = await credentials.hash(password);
      const createdAt = now();
      return database.transaction(async (sql) => {
        const id = await addPerson(sql, { ...person, loginKey: key, role: 'person', passwordHash, createdAt });
        if (id === undefined) throw taken;
        await appendAuditEntry(sql, createdAt, { action: 'registered', by: id });
        return id;
      });
    },
  };
}

/** Where a request comes from, for the trail. */
const whence = ({ from }: Arrival) => (from === undefined ? {} : { from });

/** A header as text to be shown: it may hold anything, and be as long as a request's headers may be. */
function asLine(header: string): string {
  return header.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}
