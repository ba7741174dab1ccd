import { mixesAlphabets, skeleton } from '../../contracts/text/look-alikes.ts';
import type { Database } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Credentials, loginKey } from '../credentials.ts';
import { checkNewPassword } from '../passwords/passwords.ts';
import { addPerson, findAlike, lockLooks } from '../store.ts';
import { fillTextKeys } from '../text-keys-store.ts';

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
  readonly credentials: Credentials;
  readonly world: World;
}

/** @returns the new person's id. @throws Conflict when the login is taken, or could be taken for another one. */
export type Register = (person: NewPerson) => Promise<number>;

export function createRegister({ database, credentials, world }: RegistrationParts): Register {
  return async ({ password, ...person }) => {
    credentials.checkRoom();
    checkNewPassword(password, person.login, 'password');
    if (mixesAlphabets(person.login)) throw refusal('mixed');
    const login = { loginKey: loginKey(person.login), looks: looksOf(person.login) };
    // Checked before the hashing, so that a taken login costs no hash. Checked again in the transaction, because the
    // login may be taken meanwhile.
    await fillTextKeys(database);
    const found = await findAlike(database, login);
    if (found !== undefined) throw refusal(found);
    const passwordHash = await credentials.hash(password);
    const createdAt = new Date(world.now());
    return database.transaction(async (sql) => {
      await lockLooks(sql, login.looks);
      const meanwhile = await findAlike(sql, login);
      if (meanwhile !== undefined) throw refusal(meanwhile);
      const draft = { ...person, loginKey: login.loginKey, role: 'person', passwordHash, createdAt } as const;
      const id = await addPerson(sql, draft);
      if (id === undefined) throw refusal('same');
      await appendAuditEntry(sql, createdAt, { action: 'registered', by: id });
      return id;
    });
  };
}

/** What a login may be taken for. A capital I reads as l, and people who know the name read it as i. */
const looksOf = (login: string) => [...new Set([skeleton(login), skeleton(loginKey(login))])];

const refusals = {
  same: ['login_taken', 'This login is taken.'],
  look_alike: ['login_looks_taken', 'This login looks like one that is taken.'],
  mixed: ['login_mixes_alphabets', 'This login mixes letters of different alphabets.'],
} as const;

function refusal(found: keyof typeof refusals): Conflict {
  const [reason, message] = refusals[found];
  return new Conflict(message, 'login', { reason });
}
