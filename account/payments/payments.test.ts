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
  const atDesk = (bookingId: number, reference: string, amount = 40) => ({
    ...request(bookingId, amount),
    desk: { reference, by: 1 },
  });
  const used = { accepted: false, reason: 'reference_used' };

  test('money from the desk pays without the balance, and leaves it to other payments', () => {
    const { replies, records } = payBookings([atDesk(1, 'one', 500), request(2, 30), request(3, 1)], has(30));
    assert.deepEqual(replies, [{ accepted: true }, { accepted: true }, insufficient]);
    assert.deepEqual(records[0], { ...atDesk(1, 'one', 500), state: 'paid' });
  });

  test('a reference of the desk pays for one booking, of this batch or of an earlier one', () => {
    const known = { ...has(100), usedReferences: new Set(['old']) };
    const { replies, records } = payBookings([atDesk(1, 'old'), atDesk(2, 'new'), atDesk(3, 'new')], known);
    assert.deepEqual(replies, [used, { accepted: true }, used]);
    assert.deepEqual(records[2], { ...request(3), state: 'refused', reason: 'reference_used' });
  });

  test('a repeated request with its own reference gets the first reply', () => {
    const paid: PaymentRecord = { ...atDesk(1, 'one'), state: 'paid' };
    const known = { ...has(0, paid), usedReferences: new Set(['one']) };
    assert.deepEqual(payBookings([atDesk(1, 'one')], known), { replies: [{ accepted: true }], records: [] });
  });

  test('the total that a person pays in at the desk is at most 2^53 - 1, in one batch too', () => {
    const known = { ...has(0), paidIn: new Map([[9, maxInteger - 50]]) };
    const { replies } = payBookings([atDesk(1, 'one', 51), atDesk(2, 'two', 40), atDesk(3, 'three', 11)], known);
    const tooLarge = { accepted: false, reason: 'amount_too_large' };
    assert.deepEqual(replies, [tooLarge, { accepted: true }, tooLarge]);
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
