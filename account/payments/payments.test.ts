import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { transferKinds } from '../../contracts/account/schemas.ts';
import { maxInteger } from '../../contracts/fields.ts';
import { Contradiction } from '../../platform/errors.ts';
import { addedBy, mayPayIn, mayPayOut, type PaymentRecord, paidInBy, payBookings, refundBookings } from './payments.ts';

const request = (bookingId: number, amount = 40, personId = 9, eventId = 1) => ({
  bookingId,
  eventId,
  personId,
  amount,
});
const has = (balance: number, ...records: PaymentRecord[]) => ({
  balances: new Map([[9, balance]]),
  records: new Map(records.map((record) => [record.bookingId, record])),
  paidIn: new Map<number, number>(),
  usedReferences: new Set<string>(),
});
const insufficient = { accepted: false, reason: 'insufficient_funds' };

describe('balance', () => {
  payments();
  deskPayments();
  refunds();
  limits();
});

function payments(): void {
  test('payments of one person are accepted in order, as long as the money lasts', () => {
    const { replies } = payBookings([request(1), request(2), request(3, 20), request(4, 1)], has(100));
    assert.deepEqual(replies, [{ accepted: true }, { accepted: true }, { accepted: true }, insufficient]);
  });

  test('a payment above the balance does not prevent a later, smaller one', () => {
    const { replies } = payBookings([request(1, 101), request(2, 100)], has(100));
    assert.deepEqual(replies, [insufficient, { accepted: true }]);
  });

  test('a price of 0 needs no account', () => {
    assert.deepEqual(payBookings([request(1, 0, 8)], has(0)).replies, [{ accepted: true }]);
  });

  test('a recorded reply is returned again, even if the balance has changed', () => {
    const paid: PaymentRecord = { ...request(1), state: 'paid' };
    const refused: PaymentRecord = { ...request(2), state: 'refused', reason: 'insufficient_funds' };
    const { replies, records } = payBookings([request(1), request(2), request(1)], has(0, paid, refused));
    assert.deepEqual(replies, [{ accepted: true }, insufficient, { accepted: true }]);
    assert.deepEqual(records, []);
  });

  test('two different requests with one booking id are a contradiction', () => {
    const paid: PaymentRecord = { ...request(1), state: 'paid' };
    assert.throws(() => payBookings([request(1, 41)], has(100, paid)), Contradiction);
    assert.throws(() => payBookings([request(1, 40, 8)], has(100, paid)), Contradiction);
    assert.throws(() => payBookings([request(1, 40, 9, 2)], has(100, paid)), Contradiction);
    assert.throws(() => refundBookings([request(1, 40, 9, 2)], has(100, paid)), Contradiction);
  });

  test('random batches: no person spends more than their balance', () => {
    const requests = fc.array(
      fc.record({
        bookingId: fc.integer({ min: 1, max: 1_000_000 }),
        eventId: fc.constant(1),
        personId: fc.constant(9),
        amount: fc.integer({ min: 0, max: 50 }),
      }),
    );
    fc.assert(
      fc.property(requests, fc.integer({ min: 0, max: 300 }), (drawn, balance) => {
        const set = [...new Map(drawn.map((each) => [each.bookingId, each])).values()];
        const { records } = payBookings(set, has(balance));
        const spent = records.reduce((sum, each) => (each.state === 'paid' ? sum + each.amount : sum), 0);
        const cheapest = records
          .filter(({ state }) => state === 'refused')
          .map((each) => ('amount' in each ? each.amount : 0));
        assert.ok(spent <= balance);
        for (const amount of cheapest)
          assert.ok(amount > balance - spent, 'refused although the balance was sufficient');
      }),
    );
  });
}

function deskPayments(): void {
  const desk = (reference: string) => ({ reference, by: 1 });

  test('money from the desk pays without the balance, and leaves it to other bookings', () => {
    const set = [{ ...request(1, 500), desk: desk('a') }, request(2, 40), request(3, 1)];
    const { replies, records } = payBookings(set, has(40));
    assert.deepEqual(replies, [{ accepted: true }, { accepted: true }, insufficient]);
    assert.deepEqual(records[0], { ...request(1, 500), desk: desk('a'), state: 'paid' });
  });

  test('a reference pays once: used before, or twice in a batch', () => {
    const set = [1, 2, 3].map((id) => ({ ...request(id), desk: desk(id === 3 ? 'used' : 'a') }));
    const { replies } = payBookings(set, { ...has(0), usedReferences: new Set(['used']) });
    const refused = { accepted: false, reason: 'reference_used' };
    assert.deepEqual(replies, [{ accepted: true }, refused, refused]);
  });

  test('a recorded payment is accepted again, though its reference is used now', () => {
    const paid: PaymentRecord = { ...request(1), desk: desk('a'), state: 'paid' };
    const { replies, records } = payBookings([{ ...request(1), desk: desk('a') }], {
      ...has(0, paid),
      usedReferences: new Set(['a']),
    });
    assert.deepEqual([replies, records], [[{ accepted: true }], []]);
    assert.deepEqual(refundBookings([request(1)], has(0, paid)).refunded, [paid]);
  });

  test('no more is taken than the total that a person can ever pay in', () => {
    const set = [1, 2].map((id) => ({ ...request(id, maxInteger - 5), desk: desk(`${id}`) }));
    const { replies } = payBookings(set, { ...has(0), paidIn: new Map([[9, 5]]) });
    assert.deepEqual(replies, [{ accepted: true }, insufficient]);
  });
}

function refunds(): void {
  test('refunded before its payment arrives: marked, and the late payment is refused', () => {
    const { marks } = refundBookings([request(1), request(1)], has(0));
    assert.equal(marks.length, 1);
    assert.deepEqual(payBookings([request(1)], has(100, ...marks)).replies, [{ accepted: false, reason: 'undone' }]);
  });

  test('a payment is refunded once, in the amount that was paid', () => {
    const paid: PaymentRecord = { ...request(1, 7), state: 'paid' };
    const { refunded } = refundBookings([request(1), request(1)], has(0, paid));
    assert.deepEqual(refunded, [paid]);
    assert.deepEqual(refundBookings([request(1)], has(0, { ...paid, state: 'refunded' })).refunded, []);
  });
}

function limits(): void {
  test('the total that a person pays in is at most 2^53 - 1', () => {
    assert.equal(mayPayIn(0, maxInteger), true);
    assert.equal(mayPayIn(1, maxInteger), false);
    assert.equal(mayPayIn(maxInteger - 5, 5), true);
  });

  test('a payout above the balance is refused', () => {
    assert.equal(mayPayOut(5, 5), true);
    assert.equal(mayPayOut(5, 6), false);
  });

  test('random deposits, payments, refunds and payouts: each balance is from 0 to 2^53 - 1', () => {
    const step = fc.record({
      kind: fc.constantFrom(...transferKinds),
      amount: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: maxInteger })),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const account = { balance: 0, paidIn: 0, spent: 0 };
        for (const each of steps) {
          const { kind, amount } = each;
          if (kind === 'payout' && !mayPayOut(account.balance, amount)) continue;
          if (paidInBy(each) > 0 && !mayPayIn(account.paidIn, amount)) continue;
          if (kind === 'payment' && amount > account.balance) continue;
          if (kind === 'refund' && amount > account.spent) continue;
          account.balance += addedBy(each);
          account.paidIn += paidInBy(each);
          if (kind === 'payment' || kind === 'refund') account.spent -= addedBy(each);
          for (const sum of Object.values(account)) assert.ok(sum >= 0 && Number.isSafeInteger(sum));
        }
      }),
    );
  });
}
