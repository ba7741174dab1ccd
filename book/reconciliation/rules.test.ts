import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type PaymentRecord, payBookings, refundBookings } from '../../account/payments/payments.ts';
import { type PaymentEntry, paymentStates, type SlotEntry, slotStates } from '../../contracts/records.ts';
import type { Reply } from '../../contracts/step.ts';
import { occupySlots, releaseSlots, type SlotRecord } from '../../events/slots.ts';
import { Contradiction } from '../../platform/errors.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { joinAll, joinPages } from './joins.ts';
import { repairFor } from './repair-rules.ts';
import { type BookingEntry, judgeTrio, openForMs, type Trio } from './rules.ts';
import { judgeBalance, judgeCounter, judgeTransfers } from './totals-rules.ts';

const nowMs = 1_000_000_000;
const request = { bookingId: 7, eventId: 3, personId: 2 };
const price = 5;

const bookingIn = (state: Status, openForMs = 0): BookingEntry => ({
  ...request,
  price,
  state,
  openSince: bookingSaga.open.includes(state) ? new Date(nowMs - openForMs) : null,
});
const slotIn = (state: SlotEntry['state']): SlotEntry => ({
  ...request,
  state,
  price: state === 'granted' || state === 'released' ? price : null,
});
const paymentIn = (state: PaymentEntry['state']): PaymentEntry => ({
  ...request,
  state,
  amount: state === 'undone' ? null : price,
});

function trioOf(booking?: Status, slot?: SlotEntry['state'], payment?: PaymentEntry['state']): Trio {
  return {
    bookingId: request.bookingId,
    booking: booking && bookingIn(booking),
    slot: slot && slotIn(slot),
    payment: payment && paymentIn(payment),
  };
}

const kindsOf = (trio: Trio) => judgeTrio(trio, nowMs).map(({ kind }) => kind);

const anySlot = fc.constantFrom(undefined, ...slotStates);
const anyPayment = fc.constantFrom(undefined, ...paymentStates);
const anyState = fc.constantFrom(...bookingSaga.states);
const anyTrio = fc.tuple(fc.option(anyState, { nil: undefined }), anySlot, anyPayment).map((parts) => trioOf(...parts));

describe('findings', () => {
  findingsInBookings();
  findingsInTotals();
});

function findingsInBookings(): void {
  test('a complete booking with a slot and a payment is right; without either it is a finding', () => {
    for (const slot of [undefined, ...slotStates]) {
      for (const payment of [undefined, ...paymentStates]) {
        const kinds = kindsOf(trioOf('complete', slot, payment));
        const expected = [
          ...(slot === 'granted' ? [] : [slot === undefined ? 'slot_missing' : 'slot_undone']),
          ...(payment === 'paid' ? [] : [payment === undefined ? 'payment_missing' : 'payment_undone']),
        ];
        assert.deepEqual(kinds, expected, `${slot} ${payment}`);
      }
    }
  });

  test('a free booking has a payment of 0, like any other', () => {
    const free = trioOf('complete', 'granted', 'paid');
    const at0: Trio = {
      ...free,
      booking: { ...bookingIn('complete'), price: 0 },
      slot: { ...slotIn('granted'), price: 0 },
      payment: { ...paymentIn('paid'), amount: 0 },
    };
    assert.deepEqual(kindsOf(at0), []);
    assert.deepEqual(kindsOf({ ...at0, payment: undefined }), ['payment_missing']);
  });

  test('a canceled booking with a granted slot or a payment is a finding', () => {
    for (const slot of [undefined, ...slotStates]) {
      for (const payment of [undefined, ...paymentStates]) {
        const expected = [
          ...(slot === 'granted' ? ['slot_kept'] : []),
          ...(payment === 'paid' ? ['payment_kept'] : []),
        ];
        assert.deepEqual(kindsOf(trioOf('canceled', slot, payment)), expected, `${slot} ${payment}`);
      }
    }
  });

  test('a granted slot or a payment without a booking is a finding', () => {
    assert.deepEqual(kindsOf(trioOf(undefined, 'granted', 'paid')), [
      'slot_without_booking',
      'payment_without_booking',
    ]);
    for (const slot of ['refused', 'released', 'undone'] as const) {
      for (const payment of ['refused', 'refunded', 'undone'] as const) {
        assert.deepEqual(kindsOf(trioOf(undefined, slot, payment)), []);
      }
    }
  });

  test('an open booking is not a finding for a minute, with any records', () => {
    for (const state of bookingSaga.open) {
      fc.assert(fc.property(anySlot, anyPayment, (...records) => kindsOf(trioOf(state, ...records)).length === 0));
      const trio = trioOf(state, 'granted', 'paid');
      assert.deepEqual(kindsOf({ ...trio, booking: bookingIn(state, openForMs) }), []);
      assert.deepEqual(kindsOf({ ...trio, booking: bookingIn(state, openForMs + 1) }), ['open_too_long']);
    }
  });

  test('records with different people, events or prices are a finding', () => {
    const right = trioOf('complete', 'granted', 'paid');
    const others: Partial<Trio>[] = [
      { slot: { ...slotIn('granted'), personId: 9 } },
      { slot: { ...slotIn('granted'), eventId: 9 } },
      { slot: { ...slotIn('granted'), price: 9 } },
      { payment: { ...paymentIn('paid'), personId: 9 } },
      { payment: { ...paymentIn('paid'), eventId: 9 } },
      { payment: { ...paymentIn('paid'), amount: 9 } },
    ];
    for (const other of others) {
      assert.deepEqual(kindsOf({ ...right, ...other }), ['records_disagree']);
      assert.equal(repairFor({ ...right, ...other }), undefined);
    }
    const inFlight = { ...trioOf('paying', 'granted'), slot: { ...slotIn('granted'), personId: 9 } };
    assert.deepEqual(kindsOf(inFlight), ['records_disagree']);
  });
}

function findingsInTotals(): void {
  test('a counter that differs from the granted slots is a finding, and so is one above the total', () => {
    const counter = { eventId: 3, totalSlots: 10, takenSlots: 4, granted: 4 };
    const kinds = (changed: Partial<typeof counter>) =>
      judgeCounter({ ...counter, ...changed }).map(({ kind }) => kind);
    assert.deepEqual(kinds({}), []);
    assert.deepEqual(kinds({ granted: 10, takenSlots: 10 }), []);
    assert.deepEqual(kinds({ granted: 3 }), ['slots_miscounted']);
    assert.deepEqual(kinds({ granted: 11, takenSlots: 11 }), ['oversold']);
    assert.deepEqual(kinds({ granted: 11 }), ['slots_miscounted', 'oversold']);
  });

  test('a balance that differs from the sum of its transfers is a finding, for sums of any size', () => {
    const entry = { personId: 2, balance: 95, posted: '95', deposited: 100, deposits: '100', misposted: [] };
    const kinds = (changed: Partial<Parameters<typeof judgeBalance>[0]>) =>
      judgeBalance({ ...entry, ...changed }).map(({ kind }) => kind);
    assert.deepEqual(kinds({}), []);
    assert.deepEqual(kinds({ posted: '100' }), ['balance_differs']);
    assert.deepEqual(kinds({ balance: 2 ** 53 - 1, posted: '9007199254740992' }), ['balance_differs']);
    assert.deepEqual(kinds({ deposits: '99' }), ['balance_differs']);
    assert.deepEqual(kinds({ misposted: [7, 8] }), ['payment_misposted', 'payment_misposted']);
  });

  test('transfers that do not sum to 0 are a finding, and so are people without an account', () => {
    const sum = { lastTransferId: 9, transfers: 9, sum: '0', strangers: [] };
    assert.deepEqual(judgeTransfers(sum), []);
    const kinds = judgeTransfers({ ...sum, sum: '-1', strangers: [2] }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['books_unbalanced', 'account_missing']);
  });
}

/** The conditions in which a booking is repaired. */
interface Surroundings {
  readonly freeSlots: number;
  readonly balance: number;
  /** The price of the event at the time of the repair. */
  readonly priceNow: number;
  readonly isSaleOver?: boolean;
  /** True for an older version of events, which ignores the price in a request. */
  readonly isOldEvents?: boolean;
}

/** Simulates a booking and its participants' records, by the saga's table and the participants' rules. */
class Model {
  state: Status | undefined;
  #price: number | null;
  readonly #slots = new Map<number, SlotRecord>();
  readonly #payments = new Map<number, PaymentRecord>();
  readonly #surroundings: Surroundings;

  constructor({ booking, slot, payment }: Trio, surroundings: Surroundings) {
    this.state = booking?.state;
    this.#price = booking?.price ?? null;
    const refusal = { reason: 'no_slots' };
    if (slot !== undefined) this.#slots.set(slot.bookingId, { ...slot, ...refusal } as SlotRecord);
    if (payment !== undefined) this.#payments.set(payment.bookingId, { ...payment, ...refusal } as PaymentRecord);
    this.#surroundings = surroundings;
  }

  get trio(): Trio {
    const { bookingId } = request;
    const slot = this.#slots.get(bookingId) as Partial<SlotEntry> | undefined;
    const payment = this.#payments.get(bookingId) as Partial<PaymentEntry> | undefined;
    return {
      bookingId,
      booking: this.state && { ...bookingIn(this.state), price: this.#price },
      slot: slot && { ...slotIn(slot.state as SlotEntry['state']), price: slot.price ?? null },
      payment: payment && { ...paymentIn(payment.state as PaymentEntry['state']), amount: payment.amount ?? null },
    };
  }

  /** Runs the booking until it settles, or until its step gets no reply. */
  run(): void {
    for (let steps = 0; this.state !== undefined && bookingSaga.open.includes(this.state); steps += 1) {
      assert.ok(steps < 6, 'the booking does not settle');
      const reply = this.#step(bookingSaga.table[this.state].action as 'occupy' | 'pay' | 'refund' | 'release');
      if (reply === 'stuck') return;
      this.state = bookingSaga.follow(this.state, reply?.accepted === true);
    }
  }

  #step(action: 'occupy' | 'pay' | 'refund' | 'release'): Reply | undefined | 'stuck' {
    try {
      return this[action]()[0];
    } catch (error) {
      if (error instanceof Contradiction) return 'stuck';
      throw error;
    }
  }

  repair(): void {
    const repair = repairFor(this.trio);
    if (repair === 'occupy') this.state = 'occupying';
    if (repair === 'refund' || repair === 'cancel') this.state = 'refunding';
    if (repair === 'undo') {
      this.refund();
      this.release();
    }
  }

  occupy(): readonly Reply[] {
    const { eventId } = request;
    const { freeSlots: totalSlots, priceNow, isSaleOver, isOldEvents } = this.#surroundings;
    const saleClosesAt = isSaleOver ? new Date(0) : null;
    const terms = { isCanceled: false, saleOpensAt: null, saleClosesAt, startsAt: null, maxPerPerson: null };
    const offers = new Map([[eventId, { eventId, price: priceNow, totalSlots, takenSlots: 0, ...terms }]]);
    const asked = this.#price === null || isOldEvents ? request : { ...request, price: this.#price };
    const decision = occupySlots([asked], { offers, records: this.#slots, held: new Map() }, new Date());
    for (const record of decision.records) this.#slots.set(record.bookingId, record);
    const [reply] = decision.replies;
    if (reply?.accepted) this.#price = reply.price;
    return decision.replies;
  }

  release(): readonly Reply[] {
    const { replies, marks, released } = releaseSlots([request], { records: this.#slots });
    for (const mark of marks) this.#slots.set(mark.bookingId, mark);
    for (const { bookingId } of released) {
      this.#slots.set(bookingId, { ...(this.#slots.get(bookingId) as SlotRecord), state: 'released' } as SlotRecord);
    }
    return replies;
  }

  pay(): readonly Reply[] {
    const balances = new Map([[request.personId, this.#surroundings.balance]]);
    const decision = payBookings([{ ...request, amount: this.#price ?? assert.fail('the booking has no price') }], {
      balances,
      paidIn: new Map(),
      usedReferences: new Set(),
      records: this.#payments,
    });
    for (const record of decision.records) this.#payments.set(record.bookingId, record);
    return decision.replies;
  }

  refund(): readonly Reply[] {
    const { replies, marks, refunded } = refundBookings([request], { records: this.#payments });
    for (const mark of marks) this.#payments.set(mark.bookingId, mark);
    for (const record of refunded) this.#payments.set(record.bookingId, { ...record, state: 'refunded' });
    return replies;
  }
}

describe('repairs', () => {
  test('two repairs at most correct any records under one id, at any current price of the event', () => {
    const anySurroundings: fc.Arbitrary<Surroundings> = fc.record({
      freeSlots: fc.integer({ min: 0, max: 1 }),
      balance: fc.constantFrom(0, price, price + 3),
      priceNow: fc.constantFrom(0, price - 2, price, price + 3),
      isSaleOver: fc.boolean(),
      isOldEvents: fc.boolean(),
    });
    // An older copy of the database may hold the booking as it was before its slot was granted: without a price.
    const unpriced = ({ booking, ...trio }: Trio): Trio => ({
      ...trio,
      booking: booking?.state === 'occupying' ? { ...booking, price: null } : booking,
    });
    fc.assert(
      fc.property(anyTrio, fc.boolean(), anySurroundings, (trio, isUnpriced, surroundings) => {
        const model = new Model(isUnpriced ? unpriced(trio) : trio, surroundings);
        model.run();
        for (let round = 0; round < 2; round += 1) {
          model.repair();
          model.run();
        }
        assert.equal(model.state !== undefined && bookingSaga.isOpen(model.state), false, 'the booking is still open');
        assert.deepEqual(judgeTrio(model.trio, nowMs), []);
      }),
      { numRuns: 5_000 },
    );
  });

  test('a complete booking without a slot keeps the price that was paid, at any current price of the event, and after its sale', () => {
    for (const [priceNow, isSaleOver] of [
      [0, false],
      [price - 2, true],
      [price + 3, true],
    ] as const) {
      const surroundings = { freeSlots: 1, balance: 0, priceNow, isSaleOver };
      const model = new Model(trioOf('complete', undefined, 'paid'), surroundings);
      model.repair();
      model.run();
      assert.deepEqual(model.trio, trioOf('complete', 'granted', 'paid'));
    }
  });

  test('a booking whose price differs from its payment ends canceled and refunded', () => {
    const paying = { ...trioOf('paying', 'granted', 'paid'), booking: { ...bookingIn('paying'), price: price + 3 } };
    assert.deepEqual(kindsOf(paying), ['price_differs']);
    assert.equal(repairFor(paying), 'cancel');
    const model = new Model(paying, { freeSlots: 0, balance: 100, priceNow: price });
    model.run();
    assert.equal(model.state, 'paying');
    model.repair();
    model.run();
    const { booking, slot, payment } = model.trio;
    assert.deepEqual([booking?.state, slot?.state, payment?.state], ['canceled', 'released', 'refunded']);
    assert.deepEqual(kindsOf(model.trio), []);
  });

  test('a booking is repaired exactly if it has a finding', () => {
    fc.assert(
      fc.property(anyTrio, (trio) => (repairFor(trio) === undefined) === (judgeTrio(trio, nowMs).length === 0)),
    );
  });

  test('a complete booking without a slot, at an event that has sold out, ends canceled and refunded', () => {
    const model = new Model(trioOf('complete', undefined, 'paid'), { freeSlots: 0, balance: 0, priceNow: price });
    for (let round = 0; round < 2; round += 1) {
      model.repair();
      model.run();
    }
    assert.deepEqual(model.trio, trioOf('canceled', 'refused', 'refunded'));
  });

  test('a complete booking that was canceled after the copy ends canceled, and its old replies do not complete it', () => {
    const model = new Model(trioOf('complete', 'released', 'refunded'), {
      freeSlots: 1,
      balance: price,
      priceNow: price,
    });
    model.repair();
    model.run();
    assert.deepEqual(model.trio, trioOf('canceled', 'released', 'refunded'));
  });
});

test('pages of any size join to all records, each once', () => {
  const anyIds = fc
    .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
    .map((ids) => ids.sort((a, b) => a - b));
  fc.assert(
    fc.property(anyIds, anyIds, anyIds, fc.integer({ min: 1, max: 12 }), (bookingIds, slotIds, paymentIds, limit) => {
      const all = {
        bookings: bookingIds.map((bookingId) => ({ ...bookingIn('complete'), bookingId })),
        slots: slotIds.map((bookingId) => ({ ...slotIn('granted'), bookingId })),
        payments: paymentIds.map((bookingId) => ({ ...paymentIn('paid'), bookingId })),
      };
      const joined: Trio[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const from: number = after;
        const pageOf = <Row extends { bookingId: number }>(rows: readonly Row[]) =>
          rows.filter(({ bookingId }) => bookingId > from).slice(0, limit);
        const page = joinPages(
          { bookings: pageOf(all.bookings), slots: pageOf(all.slots), payments: pageOf(all.payments) },
          limit,
        );
        assert.ok(page.next === undefined || page.next > from, 'the next page starts later');
        joined.push(...page.trios);
        after = page.next;
      }
      assert.deepEqual(joined, joinAll(all));
    }),
  );
});
