import { WrongConfiguration } from '../../platform/config.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { type Credentials, loginKey } from '../credentials.ts';
import { removeResetsOf } from '../passwords/reset-store.ts';
import { endSessionsOf } from '../sessions/session-store.ts';
import { removeTokensOf } from '../sessions/token-store.ts';
import { type AuthStore, type Credential, type PersonDraft, replacePassword } from '../store.ts';
import { requireGoodPassword } from './admin-password.ts';
import { demoPeople, type FirstPerson } from './demo-people.ts';

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
  const added = !(await store.hasPeople()) && (await store.addFirstPeople(await draftPeople(first)));
  if (demo || added) return;
  await closeDemoDoors(first);
  if (adminPassword !== undefined) await compareAdminPassword(first, adminPassword);
}

/** The admin may have changed the password since. Whoever changed the variable instead is told that it does nothing. */
async function compareAdminPassword({ store, credentials, log }: FirstPeople, password: string): Promise<void> {
  const admin = await store.credentialOf(loginKey('admin'));
  if (admin === undefined || (await credentials.fits(password, admin.passwordHash))) return;
  log.warn(
    'ADMIN_PASSWORD is not the password of admin, and was not used: it is for a new database alone, and may be left out now; npm run admin -- reset-password sets another password',
  );
}

function neededPassword(adminPassword: string | undefined): string {
  if (adminPassword === undefined)
    throw new WrongConfiguration(
      'ADMIN_PASSWORD: is needed unless DEMO is true, for nobody else could sign in as admin',
    );
  requireGoodPassword(adminPassword);
  return adminPassword;
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
 * reset. The admin gets the password of the configuration, anybody else none. A password that was changed since the
 * demo is left alone.
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

/** Who is there, as far as it concerns whoever starts Startlist. */
export interface KnownPeople {
  /** Whether there is anybody at all. */
  readonly any: boolean;
  /** Those of the demo who can sign in with the passwords that everyone knows. */
  readonly demo: readonly Pick<FirstPerson, 'login' | 'password'>[];
}

/** Looks who is there. The passwords are tried: people may have changed theirs, or were made without the demo. */
export async function findKnownPeople(store: AuthStore, credentials: Credentials): Promise<KnownPeople> {
  const tried = demoPeople.map(async ({ login, password }) => {
    const door = await openDoor(await store.credentialOf(loginKey(login)), (hash) => credentials.fits(password, hash));
    return door === undefined ? [] : [{ login, password }];
  });
  return { any: await store.hasPeople(), demo: (await Promise.all(tried)).flat() };
}
