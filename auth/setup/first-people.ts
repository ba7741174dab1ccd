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
  /** Whether to add the people of the demo rather than one admin. */
  readonly demo: boolean;
  /** The password of the first admin, without the demo. */
  readonly adminPassword: string | undefined;
}

/**
 * Adds the first people to an empty table. Without the demo, it also disables the published passwords of a database that
 * was created with the demo. It does not change other people.
 *
 * @throws WrongConfiguration when an admin password is needed and is missing or weak.
 */
export async function ensureFirstPeople(first: FirstPeople): Promise<void> {
  const { store, demo, adminPassword } = first;
  const added = !(await store.hasPeople()) && (await store.addFirstPeople(await draftPeople(first)));
  if (demo || added) return;
  await disableDemoPasswords(first);
  if (adminPassword !== undefined) await compareAdminPassword(first, adminPassword);
}

/** Warns when ADMIN_PASSWORD is not the admin's password: the variable has an effect only on a new database. */
async function compareAdminPassword({ store, credentials, log }: FirstPeople, password: string): Promise<void> {
  const admin = await store.credentialOf(loginKey('admin'));
  if (admin === undefined || (await credentials.fits(password, admin.passwordHash))) return;
  log.warn(
    'ADMIN_PASSWORD is not the password of admin and was ignored: it applies to a new database only and may be removed; to change the password, run npm run admin -- reset-password',
  );
}

function neededPassword(adminPassword: string | undefined): string {
  if (adminPassword === undefined)
    throw new WrongConfiguration(
      'ADMIN_PASSWORD: is required when DEMO is not true and admin has no password yet, or the demo’s',
    );
  requireGoodPassword(adminPassword);
  return adminPassword;
}

async function draftPeople({ credentials, world, demo, adminPassword }: FirstPeople): Promise<PersonDraft[]> {
  const admin = () => ({ login: 'admin', password: neededPassword(adminPassword), role: 'admin' as const });
  const people = demo ? demoPeople : [admin()];
  const createdAt = new Date(world.now());
  const unknown = { email: '', firstName: '', lastName: '' };
  return Promise.all(
    people.map(async ({ login, password, role }) => {
      const passwordHash = await credentials.hash(password);
      return { ...unknown, login, loginKey: loginKey(login), role, passwordHash, createdAt };
    }),
  );
}

/**
 * Removes the published passwords, and the sessions, API tokens and reset tokens of the people who still have them. The
 * admin gets the configured password; other people get none. A password that was changed since the demo is kept.
 */
async function disableDemoPasswords({ database, store, credentials, log, adminPassword }: FirstPeople): Promise<void> {
  for (const { login, password, role } of demoPeople) {
    const open = await credentialThatFits(await store.credentialOf(loginKey(login)), (hash) =>
      credentials.fits(password, hash),
    );
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
    const now = passwordHash === null ? 'no longer has a password' : 'now has the password of ADMIN_PASSWORD';
    log.warn(
      { login },
      `this database was created with the demo: ${login} ${now}; its sessions and tokens are revoked`,
    );
  }
}

async function credentialThatFits(credential: Credential | undefined, fits: (hash: string) => Promise<boolean>) {
  if (credential === undefined || credential.passwordHash === null) return undefined;
  const { personId, passwordHash } = credential;
  return (await fits(passwordHash)) ? { personId, passwordHash } : undefined;
}

/** The people that the start program reports. */
export interface KnownPeople {
  /** Whether there are any people. */
  readonly any: boolean;
  /** The people of the demo whose published passwords work. */
  readonly demo: readonly Pick<FirstPerson, 'login' | 'password'>[];
}

/**
 * Finds the demo people by trying the published passwords: a person may have changed theirs, or have been created
 * without the demo.
 */
export async function findKnownPeople(store: AuthStore, credentials: Credentials): Promise<KnownPeople> {
  const tried = demoPeople.map(async ({ login, password }) => {
    const open = await credentialThatFits(await store.credentialOf(loginKey(login)), (hash) =>
      credentials.fits(password, hash),
    );
    return open === undefined ? [] : [{ login, password }];
  });
  return { any: await store.hasPeople(), demo: (await Promise.all(tried)).flat() };
}
