import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';

/** The schema of auth's tables, for its stores. */
export const schema = 'auth';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };
