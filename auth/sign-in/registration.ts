import type { Database } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Credentials, loginKey } from '../credentials.ts';
import { checkNewPassword } from '../passwords/passwords.ts';
import { type AuthStore, addPerson } from '../store.ts';

/** What a person enters to register. */
export interface NewPerson {
  readonly login: string;
  readonly password: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

export interface RegistrationParts {
  readonly database: Database;
  readonly store: AuthStore;
  readonly credentials: Credentials;
  readonly world: World;
}

/** @returns the new person's id. @throws Conflict when the login is taken. */
export type Register = (person: NewPerson) => Promise<number>;

export function createRegister({ database, store, credentials, world }: RegistrationParts): Register {
  return async ({ password, ...person }) => {
    credentials.checkRoom();
    checkNewPassword(password, person.login, 'password');
    const key = loginKey(person.login);
    const taken = new Conflict('This login is taken.', 'login', { reason: 'login_taken' });
    // Checked before the hashing, so that a taken login costs no hash. The insert checks again, because the login may
    // be taken meanwhile.
    if ((await store.credentialOf(key)) !== undefined) throw taken;
    const passwordHash = await credentials.hash(password);
    const createdAt = new Date(world.now());
    return database.transaction(async (sql) => {
      const id = await addPerson(sql, { ...person, loginKey: key, role: 'person', passwordHash, createdAt });
      if (id === undefined) throw taken;
      await appendAuditEntry(sql, createdAt, { action: 'registered', by: id });
      return id;
    });
  };
}
