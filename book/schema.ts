import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';
import { bookingSaga, type Status } from './saga/table.ts';

export const schema = 'book';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

/** The number of a status in the database. */
export const numberOf = (status: Status) => bookingSaga.numberOf(status);

/** The columns that the engine reads. */
export const bookingColumns = `b.id, b.person_id as "personId", b.event_id as "eventId", b.price, b.status, b.reason, b.attempts,
       b.expected_price as "expectedPrice", b.made_by as "madeBy", b.guest_name as "guestName", b.desk_reference as "deskReference"`;
