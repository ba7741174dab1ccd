import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';

/** Where all tables of account stand. */
export const schema = 'account';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };
