import { Conflict, Unauthenticated } from '../kit/errors.ts';
import type { World } from '../kit/world.ts';
import { type Credentials, loginKey, tokenHash } from './credentials.ts';
import type { AuthStore } from './store.ts';

/** A session ends this long after its login, in seconds, however much it was used. */
export const sessionLifetimeS = 7 * 24 * 60 * 60;

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

/** What people do at the door. */
export interface People {
  /**
   * Starts a session, always under a new id: one that was planted in somebody's browser must not become theirs.
   * @returns the session's id. @throws Unauthenticated, the same for an unknown login and a wrong password.
   */
  logIn(login: string, password: string): Promise<string>;
  /** Ends a session. Harmless when there is none. */
  logOut(sessionId: string): Promise<void>;
  /** @returns the new person's id. @throws Conflict when the login is taken. */
  register(registration: Registration): Promise<number>;
}

export function createPeople(store: AuthStore, credentials: Credentials, world: World): People {
  async function startSession(personId: number): Promise<string> {
    const createdAt = new Date(world.now());
    const expiresAt = new Date(world.now() + sessionLifetimeS * 1_000);
    const sessionId = world.uuid();
    await store.dropExpired(createdAt, expiredDroppedAtLogin);
    await store.startSession({ tokenHash: tokenHash(sessionId), personId, createdAt, expiresAt });
    return sessionId;
  }

  return {
    async logIn(login, password) {
      const credential = await store.credentialOf(loginKey(login));
      const fits = await credentials.fits(password, credential?.passwordHash);
      if (credential === undefined || !fits) throw new Unauthenticated('The login or the password is wrong.');
      return startSession(credential.personId);
    },
    logOut: (sessionId) => store.endSession(tokenHash(sessionId)),
    async register({ password, ...person }) {
      const key = loginKey(person.login);
      const taken = new Conflict('This login is taken.', 'login');
      // Spares the work of hashing. The insertion looks again, for the login may be taken meanwhile.
      if ((await store.credentialOf(key)) !== undefined) throw taken;
      const passwordHash = await credentials.hash(password);
      const createdAt = new Date(world.now());
      const id = await store.addPerson({ ...person, loginKey: key, role: 'person', passwordHash, createdAt });
      if (id === undefined) throw taken;
      return id;
    },
  };
}
