import type { Act } from '../contracts/trail.ts';
import { answerOnce } from '../kit/answers.ts';
import type { Database } from '../kit/db.ts';
import { Conflict, NotFound } from '../kit/errors.ts';
import type { Keyed } from '../kit/idempotency.ts';
import type { Notes } from '../kit/outbox.ts';
import type { World } from '../kit/world.ts';
import { createAttendeesStore } from './attendees-store.ts';
import { answers, type Booking } from './store.ts';

/** When a ticket was first shown, and whether that was now. */
export interface LetIn {
  readonly at: Date;
  readonly isFirst: boolean;
}

export interface CheckIns {
  /**
   * Lets the owner of a booking in, once: later ones are told when that was.
   * @throws Conflict when the booking was canceled meanwhile.
   */
  letIn(booking: Booking, by: number, keyed: Keyed | undefined): Promise<LetIn>;
}

export function createCheckIns(database: Database, world: World, notes: Notes<Act>): CheckIns {
  return {
    async letIn({ id, eventId, personId }, by, keyed) {
      const now = new Date(world.now());
      const answer = await answerOnce(database, answers, { keyed, now }, async (sql) => {
        const store = createAttendeesStore(sql);
        if (await store.checkIn(id, by, now)) {
          const details = { booking_id: id, event_id: eventId };
          await notes.write(sql, [{ action: 'checked_in', by, to: personId, details }]);
          return { at: now.toISOString(), isFirst: true };
        }
        const found = await store.find(id);
        if (found === undefined) throw new NotFound('There is no such ticket for your events.');
        if (found.booking.state !== 'complete') throw new Conflict('The booking of this ticket was canceled.');
        return { at: (found.checkedInAt ?? now).toISOString(), isFirst: false };
      });
      return { ...answer, at: new Date(answer.at) };
    },
  };
}
