import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Contradiction } from '../kit/errors.ts';
import { type Offer, occupySlots, releaseSlots, type SlotRecord } from './slots.ts';

const offer: Offer = { eventId: 1, price: 40, totalSlots: 2, takenSlots: 0, isCanceled: false };
const request = (bookingId: number, eventId = 1, personId = 9) => ({ bookingId, eventId, personId });
const known = (...offers: Offer[]) => ({
  offers: new Map(offers.map((each) => [each.eventId, each])),
  records: new Map<number, SlotRecord>(),
});

describe('slots', () => {
  test('first come, first served: the set’s first get what is left, at the event’s price', () => {
    const { replies, records } = occupySlots([request(3), request(1), request(2)], known(offer));
    assert.deepEqual(replies, [
      { accepted: true, price: 40 },
      { accepted: true, price: 40 },
      { accepted: false, reason: 'no_slots' },
    ]);
    assert.deepEqual(
      records.map(({ bookingId, state }) => [bookingId, state]),
      [
        [3, 'granted'],
        [1, 'granted'],
        [2, 'refused'],
      ],
    );
  });

  test('a booking that stands twice in a set takes one slot, and is answered twice', () => {
    const { replies, records } = occupySlots([request(1), request(1)], known(offer));
    assert.deepEqual(replies, Array(2).fill({ accepted: true, price: 40 }));
    assert.equal(records.length, 1);
  });

  test('unknown and canceled events grant nothing, and say why', () => {
    const { replies } = occupySlots([request(1, 7), request(2)], known({ ...offer, isCanceled: true }));
    assert.deepEqual(replies, [
      { accepted: false, reason: 'no_such_event' },
      { accepted: false, reason: 'event_canceled' },
    ]);
  });

  test('the recorded answer stands, whatever has become of the event since', () => {
    const records = new Map<number, SlotRecord>([
      [1, { ...request(1), state: 'granted', price: 7 }],
      [2, { ...request(2), state: 'refused', reason: 'no_slots' }],
    ]);
    const offers = new Map([[1, { ...offer, price: 99, isCanceled: true }]]);
    const { replies, records: fresh } = occupySlots([request(1), request(2)], { offers, records });
    assert.deepEqual(replies, [
      { accepted: true, price: 7 },
      { accepted: false, reason: 'no_slots' },
    ]);
    assert.deepEqual(fresh, []);
  });

  test('released before it asked: marked, and refused when it asks late', () => {
    const { marks, released } = releaseSlots([request(1), request(1)], { records: new Map() });
    assert.deepEqual(marks, [{ ...request(1), state: 'undone' }]);
    assert.deepEqual(released, []);
    const late = occupySlots([request(1)], { ...known(offer), records: new Map(marks.map((each) => [1, each])) });
    assert.deepEqual(late.replies, [{ accepted: false, reason: 'undone' }]);
  });

  test('a granted slot is given back once, a refused one not at all', () => {
    const records = new Map<number, SlotRecord>([
      [1, { ...request(1), state: 'granted', price: 7 }],
      [2, { ...request(2), state: 'released', price: 7 }],
      [3, { ...request(3), state: 'refused', reason: 'no_slots' }],
    ]);
    const decision = releaseSlots([request(1), request(1), request(2), request(3)], { records });
    assert.deepEqual(decision.released, [request(1)]);
    assert.deepEqual(decision.marks, []);
    assert.equal(decision.replies.length, 4);
  });

  test('two questions under one booking id get no answer', () => {
    const records = new Map<number, SlotRecord>([[1, { ...request(1), state: 'granted', price: 7 }]]);
    assert.throws(() => occupySlots([request(1, 2)], { ...known(offer), records }), Contradiction);
    assert.throws(() => releaseSlots([request(1, 1, 8)], { records }), Contradiction);
    assert.throws(() => occupySlots([request(5), request(5, 2)], known(offer)), Contradiction);
  });

  test('never more slots than there are, whatever the set', () => {
    const requests = fc.array(
      fc.record({ bookingId: fc.integer({ min: 1, max: 30 }), eventId: fc.constant(1), personId: fc.constant(9) }),
    );
    const slots = fc
      .integer({ min: 1, max: 10 })
      .chain((totalSlots) =>
        fc.record({ totalSlots: fc.constant(totalSlots), takenSlots: fc.integer({ min: 0, max: totalSlots }) }),
      );
    fc.assert(
      fc.property(requests, slots, (set, { totalSlots, takenSlots }) => {
        const { replies, records } = occupySlots(set, known({ ...offer, totalSlots, takenSlots }));
        const granted = records.filter(({ state }) => state === 'granted').length;
        assert.equal(replies.length, set.length);
        assert.equal(granted, Math.min(totalSlots - takenSlots, new Set(set.map(({ bookingId }) => bookingId)).size));
      }),
    );
  });
});
