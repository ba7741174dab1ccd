import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import { replay, runOnce } from '../../platform/idempotency/run-once.ts';
import type { OutboxWriter } from '../../platform/outbox.ts';
import type { World } from '../../platform/world.ts';
import { findBooking } from '../bookings/details-store.ts';
import { idempotencyStore } from '../bookings/insert-store.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { createAttendeesStore } from './attendees-store.ts';

export interface CheckIn {
  /** The first check-in of this booking. */
  readonly at: Date;
  readonly isFirst: boolean;
}

export interface Undoing {
  readonly by: number;
  /** The check-in that is meant. */
  readonly at: Date | undefined;
  readonly keyed: Keyed | undefined;
}

export interface CheckIns {
  /**
   * Checks a booking in once; later calls return the first check-in.
   * @param judge returns the booking, or throws the error that forbids the check-in. Not called when a result is stored
   * for the idempotency key.
   * @throws everything that `judge` throws, and Conflict when the booking was canceled meanwhile.
   */
  checkIn(judge: () => Promise<Booking>, by: number, keyed: Keyed | undefined): Promise<CheckIn>;
  /**
   * Undoes the check-in at a time, or any, as above.
   * @returns whether there was one.
   */
  undo(judge: () => Promise<Booking>, undoing: Undoing): Promise<boolean>;
}

/** The error text for an unknown ticket, and for a ticket of another organizer's event. */
export const noSuchTicket = 'None of your events has this ticket.';

/** A CheckIn as stored with an idempotency key. */
interface Noted {
  readonly at: string;
  readonly isFirst: boolean;
}

const checkInOf = ({ at, isFirst }: Noted): CheckIn => ({ at: new Date(at), isFirst });

/** A write to a booking that its judge allows. */
interface Judged<Answer> {
  judge(): Promise<Booking>;
  readonly keyed: Keyed | undefined;
  readonly now: Date;
  write(sql: Sql, booking: Booking): Promise<Answer>;
}

export function createCheckIns(database: Database, world: World, auditLog: OutboxWriter<AuditEntry>): CheckIns {
  return {
    async checkIn(judge, by, keyed) {
      const now = new Date(world.now());
      const write = (sql: Sql, booking: Booking) => checkInOnce(sql, auditLog, booking, { by, now });
      return checkInOf(await judged<Noted>(database, { judge, keyed, now, write }));
    },
    undo(judge, { by, at, keyed }) {
      const now = new Date(world.now());
      const write = async (sql: Sql, { id, eventId, personId }: Booking) => {
        if (!(await createAttendeesStore(sql).undoCheckIn(id, at))) return false;
        const details = { booking_id: id, event_id: eventId };
        await auditLog.write(sql, [{ action: 'check_in_undone', by, to: personId, details }]);
        return true;
      };
      return judged<boolean>(database, { judge, keyed, now, write });
    },
  };
}

async function judged<Answer>(database: Database, { judge, keyed, now, write }: Judged<Answer>): Promise<Answer> {
  const earlier = keyed && (await idempotencyStore.find(database, keyed));
  if (earlier !== undefined) return replay<Answer>(earlier);
  // `judge` is called before the transaction, because it calls other services. Its result is awaited inside, so that an
  // error is stored with the key.
  const verdict = judge();
  await Promise.allSettled([verdict]);
  return runOnce<Answer>(database, idempotencyStore, { keyed, now }, async (sql) => write(sql, await verdict));
}

async function checkInOnce(
  sql: Sql,
  auditLog: OutboxWriter<AuditEntry>,
  { id, eventId, personId }: Booking,
  { by, now }: { readonly by: number; readonly now: Date },
): Promise<Noted> {
  if (await createAttendeesStore(sql).checkIn(id, by, now)) {
    const details = { booking_id: id, event_id: eventId };
    await auditLog.write(sql, [{ action: 'checked_in', by, to: personId, details }]);
    return { at: now.toISOString(), isFirst: true };
  }
  const found = await findBooking(sql, id);
  if (found === undefined) throw new NotFound(noSuchTicket);
  if (found.booking.state !== 'complete') throw new Conflict('The booking for this ticket was canceled.');
  return { at: (found.checkedInAt ?? now).toISOString(), isFirst: false };
}
