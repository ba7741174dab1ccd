import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { transferKinds } from '../../contracts/account/schemas.ts';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import { maxInteger } from '../../contracts/fields.ts';
import { Conflict, KeyReused, NotFound } from '../../platform/errors.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Kind, type Open } from '../../test/support/databases/databases.ts';
import { createAccountParticipant } from '../payments/participant.ts';
import { createAccountStore } from '../store.ts';
import { createCashDesk } from './cash-desk.ts';
import type { VoucherDraft } from './cash-store.ts';
import { createDeposits } from './deposits.ts';

const world = realWorld();
const stranger = 404;

async function openDesk(open: Open) {
  const database = await open();
  const names = async (ids: readonly number[]) =>
    ids.map((id) => (id === stranger ? null : { id, login: 'x', firstName: 'X', lastName: 'Y' }));
  const acts: AuditEntry[] = [];
  const store = createAccountStore(database, { write: async (_sql, messages) => void acts.push(...messages) });
  const account = createAccountParticipant(store, world);
  const desk = createCashDesk(store, world, { names });
  const make = (kind: VoucherDraft['kind'], amount: number, reference: string, personId = 1) =>
    desk.make({ kind, personId, amount, reference, madeBy: 9 });
  const statement = (personId = 1) => store.statement(personId, { after: 0, limit: 1_000 });
  const transfers = async () => (await database.query('select id from account.transfer')).length;
  return { database, acts, account, store, desk, make, statement, transfers, deposits: createDeposits(store, world) };
}

eachDatabase((kind, open) => {
  describe('the cash desk', () => {
    references(open);
    limits(open);
  });
  describe('the statement', () => statements(kind, open));

  // PGlite has one connection and cannot run concurrent transactions.
  if (kind === 'PostgreSQL') describe('concurrent requests to the cash desk', () => concurrentRequests(open));
});

function references(open: Open): void {
  test('a credit and a payout appear in the statement with the balance after each', async () => {
    const { make, store } = await openDesk(open);
    const credited = await make('credit', 100, 'receipt 1');
    assert.deepEqual(
      { ...credited, at: '' },
      { id: 1, user_id: 1, kind: 'credit', amount: 100, balance: 100, reference: 'receipt 1', at: '' },
    );
    const paidOut = await make('payout', 30, 'payout 1');
    assert.deepEqual([paidOut.amount, paidOut.balance], [-30, 70]);
    assert.equal(await store.balance(1), 70);
  });

  test('a repeated reference moves no money and returns the first response', async () => {
    const { make, store, transfers } = await openDesk(open);
    const first = await make('credit', 100, 'receipt 1');
    await make('payout', 30, 'payout 1');
    assert.deepEqual(await make('credit', 100, 'receipt 1'), first);
    assert.equal(await store.balance(1), 70);
    assert.equal(await transfers(), 2);
  });

  test('each credit and payout is in the audit log once, with its admin and its person', async () => {
    const { make, acts } = await openDesk(open);
    await make('credit', 100, 'receipt 1');
    await make('credit', 100, 'receipt 1');
    await make('payout', 30, 'payout 1');
    await assert.rejects(make('payout', 71, 'payout 2'), Conflict);
    assert.deepEqual(acts, [
      { action: 'account_credited', by: 9, to: 1, details: { amount: 100, reference: 'receipt 1' } },
      { action: 'account_paid_out', by: 9, to: 1, details: { amount: 30, reference: 'payout 1' } },
    ]);
  });

  test('a reference used for another credit or payout is refused and moves no money', async () => {
    const { make, store, transfers } = await openDesk(open);
    await make('credit', 100, 'receipt 1');
    const isRefusal = (error: Conflict) => error.name === 'Conflict' && error.field === 'reference';
    await assert.rejects(make('credit', 99, 'receipt 1'), isRefusal);
    await assert.rejects(make('payout', 100, 'receipt 1'), isRefusal);
    await assert.rejects(make('credit', 100, 'receipt 1', 2), isRefusal);
    assert.equal(await store.balance(1), 100);
    assert.equal(await transfers(), 1);
  });

  test('a reference of a payment at a desk is used, also for a credit or payout that looks the same', async () => {
    const { account, make, store, transfers } = await openDesk(open);
    const booking = { bookingId: 7, eventId: 3, personId: 1 };
    await account.pay([{ ...booking, amount: 40, desk: { reference: 'receipt 1', by: 8 } }]);
    const isUsed = (error: Conflict) => error.name === 'Conflict' && error.why?.reason === 'reference_used';
    await assert.rejects(make('credit', 40, 'receipt 1'), isUsed);
    await account.refund([booking]);
    await assert.rejects(make('credit', 40, 'receipt 1'), isUsed);
    await make('credit', 40, 'receipt 2');
    await assert.rejects(make('payout', 40, 'receipt 1: refund of booking 7'), isUsed);
    assert.deepEqual([await store.balance(1), await transfers()], [40, 5]);
  });

  test('a refund at the desk is in the audit log once, with its booking', async () => {
    const { account, acts } = await openDesk(open);
    const booking = { bookingId: 7, eventId: 3, personId: 1 };
    await account.pay([{ ...booking, amount: 40, desk: { reference: 'receipt 1', by: 8 } }]);
    assert.deepEqual(acts, []);
    for (let call = 0; call < 2; call += 1) await account.refund([booking]);
    const details = { amount: 40, reference: 'receipt 1: refund of booking 7', booking_id: 7 };
    assert.deepEqual(acts, [{ action: 'account_paid_out', by: null, to: 1, details }]);
  });

  test('a reference is one in any composition and with blanks at its ends, and is stored without them', async () => {
    const { make, acts, store, transfers } = await openDesk(open);
    const first = await make('credit', 100, ' caf\u00e9 1\u3000');
    assert.equal(first.reference, 'caf\u00e9 1');
    for (const reference of ['caf\u00e9 1', 'cafe\u0301 1 ', '\u00a0cafe\u0301 1\u2800']) {
      assert.deepEqual(await make('credit', 100, reference), first);
      await assert.rejects(make('payout', 1, reference), Conflict);
    }
    assert.deepEqual([await store.balance(1), await transfers()], [100, 1]);
    assert.deepEqual(acts[0]?.details, { amount: 100, reference: 'caf\u00e9 1' });
  });

  test('a reference stored by an older version with its blanks is still the same', async () => {
    const { database, make, transfers } = await openDesk(open);
    const { id } = await make('credit', 100, 'old 1');
    await database.query(`update account.voucher set reference = ' old 1 '`);
    assert.equal((await make('credit', 100, ' old 1 ')).id, id);
    assert.equal(await transfers(), 1);
  });

  test('an idempotency key gets one response, and another request under it is refused', async () => {
    const { desk, transfers } = await openDesk(open);
    const keyed = { personId: 9, route: 'POST /account/credit', key: 'k', fingerprint: 'one' };
    const draft = { kind: 'credit', personId: 1, amount: 5, reference: 'receipt 1', madeBy: 9 } as const;
    const first = await desk.make(draft, keyed);
    assert.deepEqual(await desk.make(draft, keyed), first);
    await assert.rejects(desk.make({ ...draft, amount: 6 }, { ...keyed, fingerprint: 'other' }), KeyReused);
    assert.equal(await transfers(), 1);
  });
}

function limits(open: Open): void {
  test('a payout above the balance is refused', async () => {
    const { make, store } = await openDesk(open);
    await make('credit', 5, 'receipt 1');
    await assert.rejects(make('payout', 6, 'payout 1'), /The balance is 5: too low to pay out 6\./);
    await assert.rejects(make('payout', 1, 'payout 2', 2), Conflict);
    assert.equal((await make('payout', 5, 'payout 1')).balance, 0);
    assert.equal(await store.balance(1), 0);
  });

  test('a credit for an unknown person is refused', async () => {
    const { make, transfers } = await openDesk(open);
    await assert.rejects(make('credit', 5, 'receipt 1', stranger), NotFound);
    assert.equal(await transfers(), 0);
  });

  test('deposits and credits together are at most 2^53 - 1, regardless of payouts and payments', async () => {
    const { make, account, deposits, store } = await openDesk(open);
    await deposits.make(1, 10);
    await make('credit', maxInteger - 10, 'receipt 1');
    const booking = { bookingId: 1, eventId: 1, personId: 1, amount: maxInteger - 1 };
    await account.pay([booking]);
    await make('payout', 1, 'payout 1');
    await assert.rejects(make('credit', 1, 'receipt 2'), Conflict);
    await assert.rejects(deposits.make(1, 1), Conflict);
    await account.refund([booking]);
    assert.equal(await store.balance(1), maxInteger - 1);
  });
}

function statements(kind: Kind, open: Open): void {
  test('random transfers: each line has the balance after its transfer, on every page size', async () => {
    const { account, make, deposits, store, statement } = await openDesk(open);
    let person = 0;
    const steps = fc.array(
      fc.record({ kind: fc.constantFrom(...transferKinds), amount: fc.integer({ min: 1, max: 50 }) }),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (drawn, limit) => {
        person += 1;
        const booked: { bookingId: number; eventId: number; personId: number }[] = [];
        const balances: number[] = [];
        for (const [index, { kind: what, amount }] of drawn.entries()) {
          const before = await store.balance(person);
          const reference = `${person} ${index}`;
          const booking = { bookingId: person * 100 + index, eventId: 3, personId: person };
          if (what === 'deposit') await deposits.make(person, amount);
          if (what === 'credit') await make('credit', amount, reference, person);
          if (what === 'payout') await make('payout', amount, reference, person).catch(() => {});
          if (what === 'payment') {
            const [reply] = await account.pay([{ ...booking, amount }]);
            if (reply?.accepted) booked.push(booking);
          }
          if (what === 'refund') await account.refund(booked.splice(0, 1));
          const after = await store.balance(person);
          if (after !== before) balances.push(after);
        }
        const lines = await statement(person);
        assert.deepEqual(
          lines.map(({ balance }) => balance),
          balances,
        );
        const paged = [];
        for (let after = 0; ; ) {
          const page = await store.statement(person, { after, limit });
          paged.push(...page);
          after = page.at(-1)?.id ?? 0;
          if (page.length < limit) break;
        }
        assert.deepEqual(paged, lines);
      }),
      { numRuns: kind === 'PGlite' ? 6 : 15 },
    );
  });

  test('a payment and a refund name their event and booking, in the statement of their person only', async () => {
    const { account, deposits, statement } = await openDesk(open);
    await deposits.make(1, 10);
    await deposits.make(2, 10);
    const booking = { bookingId: 7, eventId: 3, personId: 1 };
    await account.pay([{ ...booking, amount: 4 }]);
    await account.refund([booking]);
    const lines = (await statement()).map(({ kind: what, added, balance, eventId, bookingId }) => [
      what,
      added,
      balance,
      eventId,
      bookingId,
    ]);
    assert.deepEqual(lines, [
      ['deposit', 10, 10, null, null],
      ['payment', -4, 6, 3, 7],
      ['refund', 4, 10, 3, 7],
    ]);
  });
}

function concurrentRequests(open: Open): void {
  test('one reference, 40 times for 4 people: one is credited, and the others are refused', async () => {
    const { make, store, transfers } = await openDesk(open);
    const asked = Array.from({ length: 40 }, (_, index) => make('credit', 5, 'one receipt', 1 + (index % 4)));
    const answers = await Promise.allSettled(asked);
    const made = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    assert.equal(made.length, 10);
    assert.equal(new Set(made.map((each) => JSON.stringify(each))).size, 1);
    for (const answer of answers) if (answer.status === 'rejected') assert.ok(answer.reason instanceof Conflict);
    assert.equal(await transfers(), 1);
    const balances = await Promise.all([1, 2, 3, 4].map((person) => store.balance(person)));
    assert.deepEqual(balances.toSorted(), [0, 0, 0, 5]);
  });

  test('concurrent payouts, payments and credits: no balance is negative, and the last line is the balance', async () => {
    const { make, account, store, statement } = await openDesk(open);
    await make('credit', 50, 'first');
    const errands = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let index = errands.shift(); index !== undefined; index = errands.shift()) {
          if (index % 3 === 0) await make('credit', 1, `in ${index}`);
          if (index % 3 === 1)
            await make('payout', 4, `out ${index}`).catch((error) => assert.ok(error instanceof Conflict));
          if (index % 3 === 2) await account.pay([{ bookingId: index, eventId: 1, personId: 1, amount: 3 }]);
        }
      }),
    );
    const lines = await statement();
    assert.ok(lines.every(({ balance }) => balance >= 0));
    assert.equal(lines.at(-1)?.balance, await store.balance(1));
    assert.ok(lines.length > 21);
  });
}
