import { fileURLToPath } from 'node:url';
import type { Migrations } from '../platform/database/migrate.ts';
import type { EventFields, Revised } from './edits.ts';

/** The schema of events' tables. */
export const schema = 'events';

export const migrations: Migrations = { schema, folder: fileURLToPath(new URL('./migrations', import.meta.url)) };

export interface Event extends EventFields, Revised {
  readonly id: number;
  readonly takenSlots: number;
  readonly organizerId: number;
  readonly createdAt: Date;
  readonly canceledAt: Date | null;
  /** How many slots were taken when the event was canceled. */
  readonly takenAtCancel: number | null;
}

/** The columns of an event, under the names of its fields. */
export const eventColumns = `e.id, e.name, e.price, e.total_slots as "totalSlots", e.taken_slots as "takenSlots",
       e.organizer_id as "organizerId", e.created_at as "createdAt",
       e.canceled_at as "canceledAt", e.taken_at_cancel as "takenAtCancel",
       e.starts_at as "startsAt", e.venue, e.description, e.sale_opens_at as "saleOpensAt",
       e.max_per_person as "maxPerPerson", e.cancel_until as "cancelUntil",
       e.sale_closes_at as "saleClosesAt", e.time_zone as "timeZone", e.revision, e.changed_at as "changedAt",
       e.moved_at as "movedAt", e.earlier_terms as "earlierTerms"`;
