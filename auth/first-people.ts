import { Value } from 'typebox/value';
import { NewPassword, Password, type Role, shortestPassword } from '../contracts/auth.ts';
import { WrongConfiguration } from '../kit/config.ts';
import type { Database } from '../kit/db.ts';
import type { Logger } from '../kit/log.ts';
import type { World } from '../kit/world.ts';
import { isCommonPassword } from './common-passwords.ts';
import { type Credentials, loginKey } from './credentials.ts';
import { removeResetsOf } from './reset-store.ts';
import { endSessionsOf } from './session-store.ts';
import { type AuthStore, type Credential, type PersonDraft, replacePassword } from './store.ts';
import { removeTokensOf } from './token-store.ts';

interface FirstPerson {
  readonly login: string;
  readonly password: string;
  readonly role: Role;
}

/** The people of the first description of Startlist. Their passwords are known to everyone who has read it. */
const demoPeople: readonly FirstPerson[] = [
  { login: 'admin', password: 'password', role: 'admin' },
  { login: 'user', password: 'userpassword', role: 'person' },
];

export interface FirstPeople {
  readonly database: Database;
  readonly store: AuthStore;
  readonly credentials: Credentials;
  readonly world: World;
  readonly log: Logger;
  /** Whether the demo's people exist, rather than one admin alone. */
  readonly demo: boolean;
  /** The password of the admin, when there is no demo. */
  readonly adminPassword: string | undefined;
}

/**
 * Sees to it that somebody can sign in on an empty table, and that without the demo nobody can sign in with a
 * password that everyone knows, whatever the table was made with. People who are there already stay as they are.
 *
 * @throws WrongConfiguration when an admin's password is needed and there is none, or one that is no good.
 */
export async function ensureFirstPeople(first: FirstPeople): Promise<void> {
  const { store, demo, adminPassword } = first;
  if (!demo && adminPassword !== undefined) checkAdminPassword(adminPassword);
  const added = !(await store.hasPeople()) && (await store.addFirstPeople(await draftPeople(first)));
  if (!demo && !added) await closeDemoDoors(first);
}

function checkAdminPassword(password: string): void {
  if (!Value.Check(Password, password)) throw new WrongConfiguration('ADMIN_PASSWORD: must have 1 to 200 characters');
  if (demoPeople.some((person) => person.password === password)) {
    throw new WrongConfiguration('ADMIN_PASSWORD: must not be a password of the demo, which everyone knows');
  }
}

function neededPassword(adminPassword: string | undefined): string {
  if (adminPassword !== undefined) {
    const isGood = Value.Check(NewPassword, adminPassword) && !isCommonPassword(adminPassword);
    if (isGood) return adminPassword;
    throw new WrongConfiguration(`ADMIN_PASSWORD: must have ${shortestPassword} to 200 characters, and be less common`);
  }
  throw new WrongConfiguration('ADMIN_PASSWORD: is needed unless DEMO is true, for nobody else could sign in as admin');
}

async function draftPeople({ credentials, world, demo, adminPassword }: FirstPeople): Promise<PersonDraft[]> {
  const admin = () => ({ login: 'admin', password: neededPassword(adminPassword), role: 'admin' as const });
  const people = demo ? demoPeople : [admin()];
  const createdAt = new Date(world.now());
  const unsaid = { email: '', firstName: '', lastName: '' };
  return Promise.all(
    people.map(async ({ login, password, role }) => {
      const passwordHash = await credentials.hash(password);
      return { ...unsaid, login, loginKey: loginKey(login), role, passwordHash, createdAt };
    }),
  );
}

/**
 * Takes away the passwords that everyone knows, and what was made with them: sessions, API tokens, and tokens for a
 * reset. The admin gets the password of the configuration, anybody else none. A password that was changed since the demo is left alone.
 */
async function closeDemoDoors({ database, store, credentials, log, adminPassword }: FirstPeople): Promise<void> {
  for (const { login, password, role } of demoPeople) {
    const open = await openDoor(await store.credentialOf(loginKey(login)), (hash) => credentials.fits(password, hash));
    if (open === undefined) continue;
    const passwordHash = role === 'admin' ? await credentials.hash(neededPassword(adminPassword)) : null;
    const isReplaced = await database.transaction(async (sql) => {
      if (!(await replacePassword(sql, open.personId, open.passwordHash, passwordHash))) return false;
      await endSessionsOf(sql, open.personId);
      await removeTokensOf(sql, open.personId);
      await removeResetsOf(sql, open.personId);
      return true;
    });
    if (!isReplaced) continue;
    const now = passwordHash === null ? 'has no password any more' : 'has the password of ADMIN_PASSWORD now';
    log.warn({ login }, `this database was made with the demo: ${login} ${now}; its sessions and tokens were ended`);
  }
}

async function openDoor(credential: Credential | undefined, fits: (hash: string) => Promise<boolean>) {
  if (credential === undefined || credential.passwordHash === null) return undefined;
  const { personId, passwordHash } = credential;
  return (await fits(passwordHash)) ? { personId, passwordHash } : undefined;
}
