import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Conflict, InvalidInput } from '../platform/errors.ts';
import { createLog } from '../platform/telemetry/log.ts';
import { realWorld } from '../platform/world.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { noAuditLog } from '../test/support/participants.ts';
import { type Changeable, changeEvent, type EventFields, readFields } from './edits.ts';
import { createEvents } from './service.ts';
import { createEventsStore } from './store.ts';

const event: Changeable = {
  name: 'run',
  price: 40,
  totalSlots: 5,
  takenSlots: 3,
  canceledAt: null,
  startsAt: null,
  venue: 'a field',
  description: null,
  saleOpensAt: null,
  maxPerPerson: null,
  cancelUntil: null,
};

describe('changes of an event', () => {
  test('absent fields stay, null removes a field, and the others are changed', () => {
    const body = { price: 5, venue: null, starts_at: '2026-05-01T21:00:00+02:00' };
    const { price, venue, startsAt, name } = changeEvent(event, readFields(body));
    assert.deepEqual([price, venue, name], [5, null, 'run']);
    assert.deepEqual(startsAt, new Date('2026-05-01T19:00:00Z'));
  });

  test('the number of slots can go down to those taken, and no lower', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10 }), (totalSlots, takenSlots) => {
        const change = () => changeEvent({ ...event, takenSlots }, { totalSlots });
        if (totalSlots >= takenSlots) assert.equal(change().totalSlots, totalSlots);
        else {
          const why = { reason: 'slots_taken', values: { taken: takenSlots } };
          const words = `${takenSlots} slots are taken: total_slots cannot be lower.`;
          assert.throws(change, new Conflict(words, 'total_slots', why));
        }
      }),
    );
  });

  test('a canceled event cannot be changed', () => {
    assert.throws(() => changeEvent({ ...event, canceledAt: new Date() }, { price: 5 }), Conflict);
  });

  test('a date that does not exist is refused, with the name of the field', () => {
    for (const wrong of ['2026-02-29T10:00:00Z', '2026-04-31T10:00:00Z', '2026-02-30T23:00:00-01:00']) {
      assert.throws(() => readFields({ sale_opens_at: wrong }), {
        ...new InvalidInput('', 'sale_opens_at'),
        message: `${wrong} is not a valid date.`,
      });
    }
    assert.deepEqual(readFields({ cancel_until: '2028-02-29T23:59Z' }), {
      cancelUntil: new Date('2028-02-29T23:59:00Z'),
    });
  });
});

eachDatabase((kind, open) => {
  describe('a stored event', () => {
    test('keeps every field, and every change', async () => {
      const database = await open();
      await createEvents({ database, world: realWorld(), log: createLog('silent'), auditLog: noAuditLog });
      const store = createEventsStore(database);
      const fields = {
        startsAt: new Date('2026-05-01T19:00:00Z'),
        venue: 'a field',
        description: 'two\nlines',
        saleOpensAt: new Date('2026-03-01T09:00:00Z'),
        maxPerPerson: 4,
        cancelUntil: new Date('2026-04-30T19:00:00Z'),
      };
      const draft = { name: 'run', price: 5, totalSlots: 9, organizerId: 7, ...fields };
      const created = await store.create(draft, new Date());
      const { id, createdAt: _, takenSlots: __, canceledAt: ___, takenAtCancel: ____, ...kept } = created;
      assert.deepEqual(kept, draft);
      const change = (eventId: number, decide: (found: EventFields) => EventFields) =>
        store.once({ keyed: undefined, now: new Date() }, (tables) => tables.change(eventId, decide));
      const changed = await change(id, (found) => ({ ...found, price: 8, maxPerPerson: null }));
      assert.deepEqual(changed, { ...created, price: 8, maxPerPerson: null });
      assert.deepEqual(await store.get(id), changed);
      assert.equal(await change(999, (found) => found), undefined);
      assert.deepEqual((await store.list({ after: 0, limit: 9 }, 7)).length, 1);
      assert.deepEqual(await store.list({ after: 0, limit: 9 }, 8), []);
    });

    // PGlite has one connection and cannot run concurrent transactions.
    if (kind === 'PostgreSQL')
      test('a slot taken while the event shrinks: the second transaction sees the first', async () => {
        const database = await open();
        const { events } = await createEvents({
          database,
          world: realWorld(),
          log: createLog('silent'),
          auditLog: noAuditLog,
        });
        const store = createEventsStore(database);
        for (let round = 1; round <= 20; round += 1) {
          const { id } = await store.create({ name: 'run', price: 5, totalSlots: 8, organizerId: 1 }, new Date());
          const batch = Array.from({ length: 8 }, (_, index) => ({
            bookingId: round * 10 + index,
            eventId: id,
            personId: 1,
          }));
          const shrink = store
            .once({ keyed: undefined, now: new Date() }, (tables) =>
              tables.change(id, (found) => changeEvent(found, { totalSlots: 3 })),
            )
            .catch((error) => error);
          const [shrunk, replies] = await Promise.all([shrink, events.occupy(batch)]);
          const granted = replies.filter(({ accepted }) => accepted).length;
          assert.equal(granted, shrunk instanceof Conflict ? 8 : 3);
        }
      });
  });
});
