import type { AuditEntry } from '../../contracts/auth/audit.ts';
import { columns, type Database, type Sql } from '../../platform/database/database.ts';
import { Contradiction } from '../../platform/errors.ts';
import { insertOnce } from '../../platform/idempotency/batch-insert.ts';
import { IdempotencyStore } from '../../platform/idempotency/store.ts';
import type { OutboxWriter } from '../../platform/outbox.ts';
import type { Booking, BookingDraft } from '../saga/booking-schema.ts';
import { bookingSaga } from '../saga/table.ts';
import { numberOf, schema } from '../schema.ts';

/**
 * Stores the idempotency keys of book. The key of a create or cancel request is stored with the booking's id and never
 * with an error, because the outcome is read from the booking.
 */
export const idempotencyStore = new IdempotencyStore(schema);

// The price is set for a booking by hand only.
const insertRows = `
insert into ${schema}.booking as b
       (person_id, event_id, expected_price, price, made_by, guest_name, desk_reference, status, ${bookingSaga.first}_at, due_at)
select person_id, event_id, expected_price, price, made_by, guest_name, desk_reference, ${numberOf(bookingSaga.first)}, $8, $9
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[]) with ordinality
    as t (person_id, event_id, expected_price, price, made_by, guest_name, desk_reference, place)
 order by place
returning b.id, b.person_id as "personId", b.event_id as "eventId"`;

// Runs in the transaction that inserted these bookings, before its commit: no other transaction has seen them.
const deleteRows = `
delete from ${schema}.booking
 where id = any($1::bigint[])`;

/** When bookings are stored, and when they are due. */
interface Stored {
  readonly now: Date;
  readonly dueAt: Date;
}

/**
 * Stores drafts. Bookings by hand are recorded in the audit log, in the same transaction.
 * @returns the bookings in the same order; undefined for a draft whose idempotency key already has a booking.
 */
export function insertBookings(
  database: Database,
  auditLog: OutboxWriter<AuditEntry>,
  drafts: readonly BookingDraft[],
  at: Stored,
): Promise<(Booking | undefined)[]> {
  // Most batches are one statement, and need no transaction.
  const isPlain = drafts.every(({ keyed, byHand }) => keyed === undefined && byHand === undefined);
  if (isPlain) return insertAll(database, drafts, at);
  return database.transaction(async (sql) => {
    const stored = await insertOnce(
      sql,
      idempotencyStore,
      { items: drafts, now: at.now },
      {
        insert: (fresh) => insertAll(sql, fresh, at),
        remove: (own) => sql.query(deleteRows, [own.map(({ id }) => id)]),
        answerOf: ({ id }) => `${id}`,
      },
    );
    const byHand = stored.flatMap((booking) => (booking?.byHand === undefined ? [] : [auditEntryOf(booking)]));
    if (byHand.length > 0) await auditLog.write(sql, byHand);
    return stored;
  });
}

/** Stores drafts, and returns the bookings in the same order. */
async function insertAll(sql: Sql, drafts: readonly BookingDraft[], { now, dueAt }: Stored): Promise<Booking[]> {
  const values = columns(
    drafts,
    (draft) => draft.personId,
    (draft) => draft.eventId,
    (draft) => draft.expectedPrice ?? null,
    (draft) => draft.byHand?.price ?? null,
    (draft) => draft.byHand?.by ?? null,
    (draft) => draft.byHand?.guestName ?? null,
    (draft) => draft.byHand?.deskReference ?? null,
  );
  const rows = await sql.query<Pick<Booking, 'id' | 'personId' | 'eventId'>>(insertRows, [...values, now, dueAt]);
  return drafts.map((draft, index) => {
    const row = rows[index];
    if (row?.personId !== draft.personId || row.eventId !== draft.eventId)
      throw new Contradiction('bookings were stored in another order than their drafts');
    return bookingFrom(draft, row.id);
  });
}

function bookingFrom({ personId, eventId, expectedPrice, byHand }: BookingDraft, id: number): Booking {
  const fresh = { id, personId, eventId, reason: null, attempts: 0, state: bookingSaga.first };
  if (byHand === undefined) return { ...fresh, price: null, ...(expectedPrice !== undefined && { expectedPrice }) };
  const { price, ...made } = byHand;
  return { ...fresh, price, byHand: made };
}

function auditEntryOf({ id, eventId, personId, price, byHand }: Booking): AuditEntry {
  const { by = null, guestName, deskReference } = byHand ?? {};
  const paid = deskReference === undefined ? {} : { amount: price ?? 0, reference: deskReference };
  const guest = guestName === undefined ? {} : { guest: guestName };
  return {
    action: 'booked_by_hand',
    by,
    to: personId,
    details: { booking_id: id, event_id: eventId, ...guest, ...paid },
  };
}
