import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';

/** The schema of account's tables. */
export const schema = 'account';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };
