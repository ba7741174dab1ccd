import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Conflict, InvalidInput } from '../platform/errors.ts';
import { createLog } from '../platform/telemetry/log.ts';
import { realWorld } from '../platform/world.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { changeLocked, noAuditLog, noPeople } from '../test/support/participants.ts';
import { type Changeable, changeEvent, type EventFields, newEvent, type Revised, readFields } from './edits.ts';
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
  timeZone: null,
  saleOpensAt: null,
  saleClosesAt: null,
  maxPerPerson: null,
  cancelUntil: null,
  revision: 0,
  changedAt: null,
  movedAt: null,
  earlierTerms: null,
};
const now = new Date('2026-04-01T12:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

describe('changes of an event', () => {
  test('absent fields stay, null removes a field, and the others are changed', () => {
    const body = { price: 5, venue: null, starts_at: '2026-05-01T21:00:00+02:00' };
    const { price, venue, startsAt, name } = changeEvent(event, readFields(body), now);
    assert.deepEqual([price, venue, name], [5, null, 'run']);
    assert.deepEqual(startsAt, new Date('2026-05-01T19:00:00Z'));
  });

  test('the number of slots can go down to those taken, and no lower', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10 }), (totalSlots, takenSlots) => {
        const change = () => changeEvent({ ...event, takenSlots }, { totalSlots }, now);
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
    assert.throws(() => changeEvent({ ...event, canceledAt: new Date() }, { price: 5 }, now), Conflict);
  });

  test('a change counts as one revision; the same values again change nothing', () => {
    const changed = changeEvent(event, { price: 5, venue: 'a hall' }, now);
    assert.deepEqual([changed.revision, changed.changedAt, changed.movedAt], [1, now, now]);
    const again = changeEvent({ ...event, ...changed }, { venue: 'a hall' }, later(1));
    assert.deepEqual([again.revision, again.changedAt], [1, now]);
    const repriced = changeEvent({ ...event, ...changed }, { price: 6 }, later(1));
    assert.deepEqual([repriced.revision, repriced.changedAt, repriced.movedAt], [2, later(1), now]);
    const over = { ...event, startsAt: later(-1) };
    for (const late of [{ venue: 'a hall' }, { startsAt: later(3) }, { startsAt: null }])
      assert.equal(changeEvent(over, late, now).movedAt, null, 'an event that has been does not move');
    assert.equal(changeEvent(event, { venue: ' a  field ' }, now).movedAt, null, 'blanks are no other place');
    const sameStart = { ...event, startsAt: later(9) };
    assert.equal(changeEvent(sameStart, { startsAt: later(9) }, now).movedAt, null);
    assert.deepEqual(changeEvent(sameStart, { startsAt: null }, now).movedAt, now);
  });

  test('a worse cancellation deadline keeps the earlier one, a better one does not', () => {
    const dated = { ...event, startsAt: later(30) };
    const worse = changeEvent(dated, { cancelUntil: later(9) }, now);
    assert.deepEqual(worse.earlierTerms, [{ replacedAt: now.toISOString(), cancelUntil: null }]);
    const worst = changeEvent({ ...dated, ...worse }, { cancelUntil: later(5) }, later(1));
    assert.deepEqual(worst.earlierTerms?.[1], {
      replacedAt: later(1).toISOString(),
      cancelUntil: later(9).toISOString(),
    });
    assert.equal(changeEvent({ ...dated, ...worst }, { cancelUntil: null }, later(2)).earlierTerms, null);
    const back = changeEvent({ ...dated, ...worst }, { cancelUntil: later(7) }, later(2));
    assert.deepEqual(back.earlierTerms, worst.earlierTerms, 'those that are better than the new one stay');
    assert.equal(changeEvent(dated, { cancelUntil: later(31) }, now).earlierTerms, null);
    assert.equal(changeEvent(dated, { price: 7 }, now).earlierTerms, null);
  });

  test('dates that leave no time for the sale are refused, in a new event and in a change', () => {
    const contradictions: [Partial<EventFields>, string][] = [
      [{ saleOpensAt: later(2), startsAt: later(1) }, 'sale_opens_at'],
      [{ saleOpensAt: later(1), startsAt: later(1) }, 'sale_opens_at'],
      [{ saleOpensAt: later(2), saleClosesAt: later(1) }, 'sale_closes_at'],
      [{ saleOpensAt: later(2), saleClosesAt: later(1), startsAt: later(9) }, 'sale_closes_at'],
    ];
    for (const [dates, field] of contradictions) {
      const refused = (error: InvalidInput) => error instanceof InvalidInput && error.field === field;
      assert.throws(() => newEvent(dates), refused);
      assert.throws(() => changeEvent(event, dates, now), refused);
      assert.throws(() => changeEvent({ ...event, ...dates, startsAt: null, saleClosesAt: null }, dates, now), refused);
      assert.equal(
        changeEvent({ ...event, ...dates }, { price: 1 }, now).price,
        1,
        'other fields of an old event change',
      );
    }
    const open: Partial<EventFields>[] = [
      {},
      { saleOpensAt: later(1) },
      { saleOpensAt: later(1), startsAt: later(2) },
      { saleOpensAt: later(2), startsAt: later(1), saleClosesAt: later(3) },
      { startsAt: later(-1), cancelUntil: later(1) },
    ];
    for (const dates of open) assert.equal(newEvent(dates), dates);
  });

  test('a time zone that does not exist is refused', () => {
    assert.equal(readFields({ time_zone: 'Europe/Berlin' }).timeZone, 'Europe/Berlin');
    assert.equal(readFields({ time_zone: null }).timeZone, null);
    assert.throws(() => readFields({ time_zone: 'Europe/Atlantis' }), { field: 'time_zone' });
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
      await createEvents({
        database,
        world: realWorld(),
        log: createLog('silent'),
        auditLog: noAuditLog,
        people: noPeople,
      });
      const store = createEventsStore(database);
      const fields = {
        startsAt: new Date('2026-05-01T19:00:00Z'),
        venue: 'a field',
        description: 'two\nlines',
        saleOpensAt: new Date('2026-03-01T09:00:00Z'),
        maxPerPerson: 4,
        cancelUntil: new Date('2026-04-30T19:00:00Z'),
        saleClosesAt: new Date('2026-04-29T19:00:00Z'),
        timeZone: 'Europe/Berlin',
      };
      const revised = { revision: 0, changedAt: null, movedAt: null, earlierTerms: null };
      const draft = { name: 'run', price: 5, totalSlots: 9, organizerId: 7, ...fields };
      const created = await store.create(draft, new Date());
      const { id, createdAt: _, takenSlots: __, canceledAt: ___, takenAtCancel: ____, ...kept } = created;
      assert.deepEqual(kept, { ...draft, ...revised });
      const change = (eventId: number, decide: (found: EventFields & Revised) => EventFields & Revised) =>
        store.once({ keyed: undefined, now: new Date() }, (tables) => changeLocked(tables, eventId, decide));
      const edits = {
        price: 8,
        maxPerPerson: null,
        revision: 1,
        changedAt: new Date('2026-03-02T09:00:00Z'),
        movedAt: new Date('2026-03-02T09:00:00Z'),
        earlierTerms: [{ replacedAt: '2026-03-02T09:00:00.000Z', cancelUntil: null }],
      };
      const changed = await change(id, (found) => ({ ...found, ...edits }));
      assert.deepEqual(changed, { ...created, ...edits });
      assert.deepEqual(await store.get(id), changed);
      assert.equal(await change(999, (found) => found), undefined);
      assert.deepEqual((await store.list({ after: 0, limit: 9 }, { organizerId: 7, now: new Date() })).length, 1);
      assert.deepEqual(await store.list({ after: 0, limit: 9 }, { organizerId: 8, now: new Date() }), []);
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
          people: noPeople,
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
              changeLocked(tables, id, (found) => changeEvent(found, { totalSlots: 3 }, now)),
            )
            .catch((error) => error);
          const [shrunk, replies] = await Promise.all([shrink, events.occupy(batch)]);
          const granted = replies.filter(({ accepted }) => accepted).length;
          assert.equal(granted, shrunk instanceof Conflict ? 8 : 3);
        }
      });
  });
});
