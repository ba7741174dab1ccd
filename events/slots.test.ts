import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Contradiction } from '../platform/errors.ts';
import { holderOf, type Offer, occupySlots, releaseSlots, type SlotRecord } from './slots.ts';

const offer: Offer = {
  eventId: 1,
  price: 40,
  totalSlots: 2,
  takenSlots: 0,
  isCanceled: false,
  saleOpensAt: null,
  saleClosesAt: null,
  startsAt: null,
  maxPerPerson: null,
};
const now = new Date('2026-05-01T12:00:00Z');
const soon = new Date(now.getTime() + 1);
const request = (bookingId: number, eventId = 1, personId = 9) => ({ bookingId, eventId, personId });
const known = (...offers: Offer[]) => ({
  offers: new Map(offers.map((each) => [each.eventId, each])),
  records: new Map<number, SlotRecord>(),
  held: new Map<string, number>(),
});

describe('slots', () => {
  batches();
  repeats();
  saleRules();
});

function batches(): void {
  test('the first requests of a batch get the remaining slots, at the event’s price', () => {
    const { replies, records } = occupySlots([request(3), request(1), request(2)], known(offer), now);
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

  test('unknown and canceled events refuse, with a reason', () => {
    const { replies } = occupySlots([request(1, 7), request(2)], known({ ...offer, isCanceled: true }), now);
    assert.deepEqual(replies, [
      { accepted: false, reason: 'no_such_event' },
      { accepted: false, reason: 'event_canceled' },
    ]);
  });

  test('random batches: no more slots are granted than exist', () => {
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
        const { replies, records } = occupySlots(set, known({ ...offer, totalSlots, takenSlots }), now);
        const granted = records.filter(({ state }) => state === 'granted').length;
        assert.equal(replies.length, set.length);
        assert.equal(granted, Math.min(totalSlots - takenSlots, new Set(set.map(({ bookingId }) => bookingId)).size));
      }),
    );
  });
}

/** A booking that appears twice in a batch, repeats a recorded request, or is released before its request arrives. */
function repeats(): void {
  test('a booking that appears twice in a batch takes one slot and gets the same reply twice', () => {
    const { replies, records } = occupySlots([request(1), request(1)], known(offer), now);
    assert.deepEqual(replies, Array(2).fill({ accepted: true, price: 40 }));
    assert.equal(records.length, 1);
  });

  test('a recorded reply is returned again, even if the event has changed', () => {
    const records = new Map<number, SlotRecord>([
      [1, { ...request(1), state: 'granted', price: 7 }],
      [2, { ...request(2), state: 'refused', reason: 'no_slots' }],
    ]);
    const offers = new Map([[1, { ...offer, price: 99, isCanceled: true }]]);
    const { replies, records: fresh } = occupySlots([request(1), request(2)], { ...known(), offers, records }, now);
    assert.deepEqual(replies, [
      { accepted: true, price: 7 },
      { accepted: false, reason: 'no_slots' },
    ]);
    assert.deepEqual(fresh, []);
  });

  test('released before its request arrives: marked, and the late request is refused', () => {
    const { marks, released } = releaseSlots([request(1), request(1)], { records: new Map() });
    assert.deepEqual(marks, [{ ...request(1), state: 'undone' }]);
    assert.deepEqual(released, []);
    const late = occupySlots([request(1)], { ...known(offer), records: new Map(marks.map((each) => [1, each])) }, now);
    assert.deepEqual(late.replies, [{ accepted: false, reason: 'undone' }]);
  });

  test('a granted slot is released once; a refused booking has nothing to release', () => {
    const records = new Map<number, SlotRecord>([
      [1, { ...request(1), state: 'granted', price: 7 }],
      [2, { ...request(2), state: 'released', price: 7 }],
      [3, { ...request(3), state: 'refused', reason: 'no_slots' }],
    ]);
    const decision = releaseSlots([request(1), request(1), request(2), request(3)], { records });
    assert.deepEqual(decision.released, [records.get(1)]);
    assert.deepEqual(decision.marks, []);
    assert.equal(decision.replies.length, 4);
  });

  test('two different requests with one booking id are a contradiction', () => {
    const records = new Map<number, SlotRecord>([[1, { ...request(1), state: 'granted', price: 7 }]]);
    assert.throws(() => occupySlots([request(1, 2)], { ...known(offer), records }, now), Contradiction);
    assert.throws(() => releaseSlots([request(1, 1, 8)], { records }), Contradiction);
    assert.throws(() => occupySlots([request(5), request(5, 2)], known(offer), now), Contradiction);
  });
}

function saleRules(): void {
  test('requests before sales open are refused; from that moment they are accepted', () => {
    const early = occupySlots([request(1)], known({ ...offer, saleOpensAt: soon }), now);
    assert.deepEqual(early.replies, [{ accepted: false, reason: 'sales_not_open' }]);
    const inTime = occupySlots([request(1)], known({ ...offer, saleOpensAt: soon }), soon);
    assert.deepEqual(inTime.replies, [{ accepted: true, price: 40 }]);
  });

  test('sales end at the start, or when the organizer says; a request at that moment is late', () => {
    const at = (terms: Partial<Offer>, moment: Date) =>
      occupySlots([request(1)], known({ ...offer, ...terms }), moment);
    const closed = [{ accepted: false, reason: 'sales_closed' }];
    const granted = [{ accepted: true, price: 40 }];
    assert.deepEqual(at({ startsAt: soon }, now).replies, granted);
    assert.deepEqual(at({ startsAt: soon }, soon).replies, closed);
    assert.deepEqual(at({ saleClosesAt: now, startsAt: soon }, now).replies, closed);
    assert.deepEqual(at({ saleClosesAt: soon, startsAt: now }, now).replies, granted);
  });

  test('a buyer who saw another price is refused, and gets no slot', () => {
    const set = [
      { ...request(1), expectedPrice: 39 },
      { ...request(2), expectedPrice: 40 },
      { ...request(3), expectedPrice: 0 },
      request(4),
    ];
    const { replies } = occupySlots(set, known(offer), now);
    assert.deepEqual(replies, [
      { accepted: false, reason: 'price_changed' },
      { accepted: true, price: 40 },
      { accepted: false, reason: 'price_changed' },
      { accepted: true, price: 40 },
    ]);
    const full = occupySlots(set.slice(0, 1), known({ ...offer, takenSlots: 2 }), now);
    assert.deepEqual(full.replies, [{ accepted: false, reason: 'no_slots' }]);
  });

  test('a request at its own price is granted outside the times and limits of the sale, but never beyond the slots', () => {
    const closed = { ...offer, saleOpensAt: soon, startsAt: now, maxPerPerson: 1 };
    const held = new Map([[holderOf({ eventId: 1, personId: 9 }), 1]]);
    const set = [1, 2, 3].map((bookingId) => ({ ...request(bookingId), price: 7 }));
    const { replies } = occupySlots(set, { ...known(closed), held }, now);
    const granted = { accepted: true, price: 7 };
    assert.deepEqual(replies, [granted, granted, { accepted: false, reason: 'no_slots' }]);
    const canceled = occupySlots(set.slice(0, 1), known({ ...closed, isCanceled: true }), now);
    assert.deepEqual(canceled.replies, [{ accepted: false, reason: 'event_canceled' }]);
  });

  test('a request refused before sales opened stays refused: the recorded reply is returned', () => {
    const records = new Map<number, SlotRecord>([[1, { ...request(1), state: 'refused', reason: 'sales_not_open' }]]);
    const { replies } = occupySlots([request(1)], { ...known({ ...offer, saleOpensAt: now }), records }, soon);
    assert.deepEqual(replies, [{ accepted: false, reason: 'sales_not_open' }]);
  });

  test('a person’s limit counts slots held earlier and in the same batch, and only that person’s', () => {
    const limited = { ...offer, totalSlots: 9, maxPerPerson: 2 };
    const held = new Map([[holderOf({ eventId: 1, personId: 9 }), 1]]);
    const set = [request(1), request(2), request(3, 1, 8), request(4, 1, 8), request(5, 1, 8)];
    const { replies } = occupySlots(set, { ...known(limited), held }, now);
    assert.deepEqual(
      replies.map((reply) => (reply.accepted ? 'granted' : reply.reason)),
      ['granted', 'limit_per_person', 'granted', 'granted', 'limit_per_person'],
    );
  });

  test('random batches: no more slots than exist, and no more per person than the limit', () => {
    const booking = { bookingId: fc.integer({ min: 1, max: 40 }), eventId: fc.integer({ min: 1, max: 2 }) };
    const requests = fc.uniqueArray(fc.record({ ...booking, personId: fc.integer({ min: 1, max: 4 }) }), {
      selector: ({ bookingId }) => bookingId,
    });
    const limit = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null });
    const earlier = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(requests, limit, fc.integer({ min: 1, max: 9 }), earlier, (set, maxPerPerson, totalSlots, counts) => {
        const offers = [1, 2].map((eventId) => ({ ...offer, eventId, totalSlots, maxPerPerson }));
        const holders = [1, 2].flatMap((eventId) => [1, 2, 3, 4].map((personId) => holderOf({ eventId, personId })));
        const held = new Map(holders.map((holder, index) => [holder, counts[index] ?? 0]));
        const { replies, records } = occupySlots(set, { ...known(...offers), held }, now);
        const granted = records.filter(({ state }) => state === 'granted');
        for (const [holder, before] of held) {
          const after = before + granted.filter((record) => holderOf(record) === holder).length;
          if (maxPerPerson !== null) assert.ok(after <= Math.max(before, maxPerPerson), `${holder} holds ${after}`);
        }
        for (const { eventId } of offers) {
          assert.ok(granted.filter((record) => record.eventId === eventId).length <= totalSlots);
        }
        // Each refusal gives a reason that is true.
        for (const [index, reply] of replies.entries()) {
          if (reply.accepted) continue;
          const { eventId } = set[index] ?? { eventId: 0 };
          const holder = holderOf(set[index] ?? { eventId: 0, personId: 0 });
          const ofPerson = (held.get(holder) ?? 0) + granted.filter((record) => holderOf(record) === holder).length;
          const ofEvent = granted.filter((record) => record.eventId === eventId).length;
          if (reply.reason === 'limit_per_person') assert.ok(ofPerson >= (maxPerPerson ?? Number.POSITIVE_INFINITY));
          else assert.ok(reply.reason === 'no_slots' && ofEvent === totalSlots, reply.reason);
        }
      }),
    );
  });
}
