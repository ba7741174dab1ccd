import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';
import { registration, type Status } from './registration.ts';

/** Where book's tables stand. */
export const schema = 'book';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** The number that stands for a status in the database. */
export const numberOf = (status: Status) => registration.table[status].number;

/** A booking's row, as everyone reads it who moves it. */
export const bookingColumns = `b.id, b.person_id as "personId", b.event_id as "eventId", b.price, b.status, b.reason, b.attempts`;
