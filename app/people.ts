import { type KnownPeople, knownPeople } from '../auth/service.ts';
import { openPostgres } from '../kit/postgres.ts';
import type { World } from '../kit/world.ts';
import { AdminPasswordNeeded, type AppConfig } from './config.ts';

/** Looks who is there in the database of auth, on a server where its process is another. */
export async function lookAtPeople(url: string, world: World): Promise<KnownPeople> {
  const database = openPostgres(url, 1);
  try {
    return await knownPeople(database, world);
  } finally {
    await database.close();
  }
}

/** @throws AdminPasswordNeeded when there is nobody yet, and nobody could sign in as admin. */
export async function requireAdmin(config: AppConfig, url: string, world: World): Promise<void> {
  if (config.demo || config.adminPassword !== undefined) return;
  if (!(await lookAtPeople(url, world)).any) throw new AdminPasswordNeeded();
}
