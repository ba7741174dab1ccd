import { type KnownPeople, knownPeople } from '../../auth/service.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { type AppConfig, requirePasswordFor } from './config.ts';

/** Reads the known people from auth's database over a connection that is closed afterwards. */
export async function lookAtPeople(url: string, world: World): Promise<KnownPeople> {
  const database = openPostgres(url, 1);
  try {
    return await knownPeople(database, world);
  } finally {
    await database.close();
  }
}

/** @throws WrongConfiguration when the database has no people yet and no usable ADMIN_PASSWORD is set. */
export async function requireAdmin(config: AppConfig, url: string, world: World): Promise<void> {
  if (!config.demo && !(await lookAtPeople(url, world)).any) requirePasswordFor(config);
}

/**
 * The demo people whose passwords work. If the check fails, the banner leaves them out and the start continues.
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
