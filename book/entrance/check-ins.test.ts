import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import { Conflict, KeyReused, Unavailable } from '../../platform/errors.ts';
import { Outbox } from '../../platform/outbox.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { createBookStore } from '../bookings/store.ts';
import { migrations } from '../schema.ts';
import { createCheckIns } from './check-ins.ts';

const world = realWorld();
const now = new Date(0);
const keyed = { personId: 9, route: 'POST /book/check-in', key: 'door-1', fingerprint: 'the ticket' };

/** A complete booking of person 7 for event 3, and the undelivered entries of the audit log. */
async function openDoor(open: Open) {
  const database = await open();
  const store = createBookStore(database);
  const [stored] = await store.insert([{ personId: 7, eventId: 3 }], now, now);
  assert.ok(stored);
  const answer = { accepted: true, price: 5 } as const;
  const [paying] = await store.move('occupying', [{ item: stored, to: 'paying', answer }], now);
  assert.ok(paying);
  const [booking] = await store.move('paying', [{ item: paying, to: 'complete', answer: { accepted: true } }], now);
  assert.ok(booking);
  const { schema } = migrations;
  const outbox = new Outbox<AuditEntry>({ schema, database, world, log: createLog('silent'), deliver: async () => {} });
  const told = async () =>
    (await database.query<{ message: AuditEntry }>('select message from book.outbox order by id')).map(
      (row) => row.message,
    );
  return { database, booking, store, outbox, told };
}

eachDatabase((_kind, open) => {
  describe('a check-in', () => {
    test('writes an audit log entry with the organizer, the attendee, the booking and the event', async () => {
      const { database, booking, outbox, told } = await openDoor(open);
      const { isFirst } = await createCheckIns(database, world, outbox).checkIn(async () => booking, 9, undefined);
      assert.equal(isFirst, true);
      const details = { booking_id: booking.id, event_id: 3 };
      assert.deepEqual(await told(), [{ action: 'checked_in', by: 9, to: 7, details }]);
    });

    test('is logged once, even if the ticket is shown again or the request is repeated', async () => {
      const { database, booking, outbox, told } = await openDoor(open);
      const checkIns = createCheckIns(database, world, outbox);
      const first = await checkIns.checkIn(async () => booking, 9, keyed);
      assert.deepEqual(await checkIns.checkIn(async () => booking, 9, keyed), first);
      assert.deepEqual(await checkIns.checkIn(async () => booking, 9, undefined), { ...first, isFirst: false });
      assert.equal((await told()).length, 1);
    });

    test('a repeated key returns the first result, accepted or refused, without a new decision', async () => {
      const { database, booking, outbox, told } = await openDoor(open);
      const checkIns = createCheckIns(database, world, outbox);
      const no = () => Promise.reject(new Conflict('The booking for this ticket was canceled.'));
      const first = await checkIns.checkIn(async () => booking, 9, keyed);
      assert.deepEqual(await checkIns.checkIn(no, 9, keyed), first);
      const other = { ...keyed, key: 'door-2' };
      await assert.rejects(checkIns.checkIn(no, 9, other), Conflict);
      await assert.rejects(
        checkIns.checkIn(async () => booking, 9, other),
        Conflict,
      );
      await assert.rejects(checkIns.checkIn(no, 9, { ...other, fingerprint: 'another ticket' }), KeyReused);
      const away = () => Promise.reject(new Unavailable('events is unavailable'));
      const third = { ...keyed, key: 'door-3' };
      await assert.rejects(checkIns.checkIn(away, 9, third), Unavailable);
      assert.deepEqual(await checkIns.checkIn(async () => booking, 9, third), { ...first, isFirst: false });
      assert.equal((await told()).length, 1);
    });

    test('a refused check-in, or one whose audit log entry fails, stores nothing', async () => {
      const { database, booking, store, outbox, told } = await openDoor(open);
      const auditLog = {
        write: async () => {
          throw new Error('no room');
        },
      };
      await assert.rejects(
        createCheckIns(database, world, auditLog).checkIn(async () => booking, 9, keyed),
        /no room/,
      );
      assert.equal((await store.get(booking.id))?.checkedInAt, null);
      await store.cancel([{ id: booking.id, reason: 'by_owner' }], now, now);
      const late = createCheckIns(database, world, outbox).checkIn(async () => booking, 9, keyed);
      await assert.rejects(late, { name: 'Conflict' });
      assert.deepEqual(await told(), []);
    });
  });
});
