import { columns, type Database, type Sql } from '../../platform/database/database.ts';
import { Contradiction } from '../../platform/errors.ts';
import { insertOnce } from '../../platform/idempotency/batch-insert.ts';
import { IdempotencyStore } from '../../platform/idempotency/store.ts';
import type { Booking, BookingDraft } from '../saga/booking-schema.ts';
import { bookingSaga } from '../saga/table.ts';
import { numberOf, schema } from '../schema.ts';

/**
 * Stores the idempotency keys of book. The key of a create or cancel request is stored with the booking's id and never
 * with an error, because the outcome is read from the booking.
 */
export const idempotencyStore = new IdempotencyStore(schema);

const insertRows = `
insert into ${schema}.booking as b (person_id, event_id, status, ${bookingSaga.first}_at, due_at)
select person_id, event_id, ${numberOf(bookingSaga.first)}, $3, $4
  from unnest($1::bigint[], $2::bigint[]) with ordinality as t (person_id, event_id, place)
 order by place
returning b.id, b.person_id as "personId", b.event_id as "eventId"`;

// Runs in the transaction that inserted these bookings, before its commit: no other transaction has seen them.
const deleteRows = `
delete from ${schema}.booking
 where id = any($1::bigint[])`;

/**
 * Stores drafts.
 * @returns the bookings in the same order; undefined for a draft whose idempotency key already has a booking.
 */
export function insertBookings(
  database: Database,
  drafts: readonly BookingDraft[],
  now: Date,
  dueAt: Date,
): Promise<(Booking | undefined)[]> {
  if (drafts.every(({ keyed }) => keyed === undefined)) return insertAll(database, drafts, now, dueAt);
  return database.transaction((sql) =>
    insertOnce(
      sql,
      idempotencyStore,
      { items: drafts, now },
      {
        insert: (fresh) => insertAll(sql, fresh, now, dueAt),
        remove: (own) => sql.query(deleteRows, [own.map(({ id }) => id)]),
        answerOf: ({ id }) => `${id}`,
      },
    ),
  );
}

/** Stores drafts, and returns the bookings in the same order. */
async function insertAll(sql: Sql, drafts: readonly BookingDraft[], now: Date, dueAt: Date): Promise<Booking[]> {
  const values = columns(
    drafts,
    (draft) => draft.personId,
    (draft) => draft.eventId,
  );
  const rows = await sql.query<Pick<Booking, 'id' | 'personId' | 'eventId'>>(insertRows, [...values, now, dueAt]);
  const fresh = { price: null, reason: null, attempts: 0, state: bookingSaga.first };
  const stored = rows.map(({ id, personId, eventId }) => ({ id, personId, eventId, ...fresh }));
  for (const [index, { personId, eventId }] of drafts.entries()) {
    if (stored[index]?.personId === personId && stored[index]?.eventId === eventId) continue;
    throw new Contradiction('bookings were stored in another order than their drafts');
  }
  return stored;
}
