import { type KnownPeople, knownPeople } from '../../auth/service.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { type AppConfig, requirePasswordFor } from './config.ts';

/** Looks who is there in the database of auth, on a server where its process is another. */
export async function lookAtPeople(url: string, world: World): Promise<KnownPeople> {
  const database = openPostgres(url, 1);
  try {
    return await knownPeople(database, world);
  } finally {
    await database.close();
  }
}

/** @throws WrongConfiguration when there is nobody yet, and nobody could sign in as admin. */
export async function requireAdmin(config: AppConfig, url: string, world: World): Promise<void> {
  if (!config.demo && !(await lookAtPeople(url, world)).any) requirePasswordFor(config);
}

/**
 * Whom of the demo a banner names: those whose passwords work. When that can't be found out just now it names nobody,
 * which is no reason to end what has started.
 */
export async function demoPeopleIn(
  look: () => Promise<KnownPeople>,
  log: Logger,
): Promise<KnownPeople['demo'] | undefined> {
  try {
    return (await look()).demo;
  } catch (err) {
    log.warn({ err }, 'could not check the demo passwords; the banner leaves them out');
    return undefined;
  }
}
