import type { Database } from '../../platform/database/database.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { NotFound } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { createCredentials, loginKey } from '../credentials.ts';
import { createPasswords } from '../passwords/passwords.ts';
import { migrations } from '../schema.ts';
import { createAuthStore, isSetUp } from '../store.ts';
import { findKnownPeople, type KnownPeople } from './first-people.ts';

/** The people in a database, for `npm start`. A database without Startlist's tables has none. */
export async function knownPeople(database: Database, world: World): Promise<KnownPeople> {
  if (!(await isSetUp(database))) return { any: false, demo: [] };
  return findKnownPeople(createAuthStore(database), createCredentials(world));
}

/**
 * Issues a password reset token from the command line: access to the database takes the place of a session.
 * @throws NotFound when the login does not exist, or the database has no Startlist.
 */
export async function resetByCommand(database: Database, world: World, login: string) {
  if (!(await isSetUp(database))) throw new NotFound('there is no Startlist in this database');
  await migrate(database, migrations);
  const credential = await createAuthStore(database).credentialOf(loginKey(login));
  if (credential === undefined) throw new NotFound(`there is no person with the login ${login}`);
  const passwords = createPasswords({ database, credentials: createCredentials(world), world });
  return passwords.issueReset(null, credential.personId);
}
