import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PayRequest } from '../../contracts/account/calls.ts';
import { maxInteger } from '../../contracts/fields.ts';
import type { Database } from '../../platform/database/database.ts';
import { Conflict, Contradiction } from '../../platform/errors.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { meetAt } from '../../test/support/databases/meeting.ts';
import { anyCalls, Caller, callsOfMany, noAuditLog } from '../../test/support/participants.ts';
import { createDeposits } from '../cash/deposits.ts';
import { createAccount } from '../service.ts';
import { createAccountStore } from '../store.ts';

const world = realWorld();
const log = createLog('silent');
const people = { names: async () => [] };
let lastBooking = 0;
let lastPerson = 0;

async function openAccount(database: Database) {
  const { account } = await createAccount({ database, world, log, demo: true, auditLog: noAuditLog, people });
  const store = createAccountStore(database);
  return { account, store, deposits: createDeposits(store, world) };
}

/** Checks that every balance is the sum of its person's transfers, and that both sides of all transfers sum to zero. */
async function checkBooks(database: Database): Promise<void> {
  const wrong = await database.query(
    `select a.person_id from account.account as a
      where balance <> (select coalesce(sum(amount), 0) from account.posting as p
                         where p.party = 'person' and p.party_id = a.person_id)`,
  );
  assert.deepEqual(wrong, [], 'each balance is the sum of its transfers');
  const [sum] = await database.query<{ sum: string }>(
    'select coalesce(sum(amount), 0)::text as sum from account.posting',
  );
  assert.equal(sum?.sum, '0', 'all transfers sum to zero');
}

eachDatabase((kind, open) => {
  describe('account handles batches', () => batches(open));

  // PGlite has one connection and cannot run concurrent transactions.
  if (kind === 'PostgreSQL') describe('concurrent calls to account', () => concurrentCalls(open));
});

function batches(open: Open): void {
  test('any calls, in any order, with any repetitions: repeats get the recorded reply, and no balance is negative', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    await fc.assert(
      fc.asyncProperty(anyCalls(12), fc.integer({ min: 1, max: 120 }), async (calls, delta) => {
        lastBooking += 100;
        lastPerson += 2;
        const [first, person] = [lastBooking, lastPerson];
        await deposits.make(person, delta);
        // Bookings of two people, of whom one has no account at first. Prices are from 0 to 30.
        const requestOf = (booking: number): PayRequest => ({
          bookingId: first + booking,
          eventId: 1,
          personId: person + (booking % 5 === 0 ? 1 : 0),
          amount: (booking * 10) % 40,
        });
        const caller = new Caller({ act: account.pay, undo: account.refund }, requestOf);
        for (const call of calls) await caller.call(call);
        caller.checkAnswers();
        const paid = caller
          .held()
          .map(requestOf)
          .filter(({ personId }) => personId === person);
        const left = delta - paid.reduce((sum, { amount }) => sum + amount, 0);
        assert.equal(await store.balance(person), left);
      }),
      { numRuns: 60 },
    );
    await checkBooks(database);
  });

  test('two different requests with one booking id: the whole batch fails, and nothing is written', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    await deposits.make(1, 100);
    await account.pay([{ bookingId: 1, eventId: 1, personId: 1, amount: 10 }]);
    const set = [
      { bookingId: 2, eventId: 1, personId: 1, amount: 10 },
      { bookingId: 1, eventId: 1, personId: 1, amount: 11 },
    ];
    await assert.rejects(account.pay(set), Contradiction);
    assert.equal(await store.balance(1), 90);
  });

  test('the largest permitted deposit can be spent and refunded, and one unit more is refused', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    const request = { bookingId: 1, eventId: 1, personId: 1, amount: maxInteger };
    assert.equal(await deposits.make(1, maxInteger), maxInteger);
    assert.deepEqual(await account.pay([request]), [{ accepted: true }]);
    await assert.rejects(deposits.make(1, 1), Conflict);
    await account.refund([request]);
    assert.equal(await store.balance(1), maxInteger);
    await checkBooks(database);
  });
}

function concurrentCalls(open: Open): void {
  test('requests of two people with one booking id share no lock: one pays, and the other fails', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    for (const person of [1, 2]) await deposits.make(person, 100);
    const pay = (personId: number) => () => account.pay([{ bookingId: 1, eventId: 1, personId, amount: 10 }]);
    const ends = await meetAt(
      database,
      (sql) =>
        sql.query(`insert into account.payment (booking_id, event_id, person_id, state, decided_at)
                   values (1, 1, 3, 'undone', now())`),
      [pay(1), pay(2)],
    );
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    assert.equal(failures.length, 1);
    assert.ok(failures[0] instanceof Contradiction, String(failures[0]));
    assert.equal((await store.balance(1)) + (await store.balance(2)), 190);
    await checkBooks(database);
  });

  test('8 concurrent payments with money for one: one pays', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    await deposits.make(1, 10);
    const pay = (bookingId: number) => () => account.pay([{ bookingId, eventId: 1, personId: 1, amount: 10 }]);
    const ends = await meetAt(
      database,
      (sql) => sql.query('select from account.account where person_id = 1 for update'),
      [1, 2, 3, 4, 5, 6, 7, 8].map(pay),
    );
    assert.deepEqual(ends[0], { status: 'fulfilled', value: [{ accepted: true }] });
    const refused = { status: 'fulfilled', value: [{ accepted: false, reason: 'insufficient_funds' }] };
    assert.deepEqual(ends.slice(1), new Array(7).fill(refused));
    assert.equal(await store.balance(1), 0);
    await checkBooks(database);
  });

  test('one reference at two desks at once: one booking is paid, and no money appears or is lost', async () => {
    const database = await open();
    const { account, store } = await openAccount(database);
    const pay = (personId: number) => () =>
      account.pay([{ bookingId: personId, eventId: 1, personId, amount: 10, desk: { reference: 'one', by: 7 } }]);
    const ends = await meetAt(
      database,
      (sql) => sql.query("insert into account.voucher (reference, transfer_id, made_by) values ('one', 0, 7)"),
      [pay(1), pay(2)],
    );
    const replies = ends.flatMap((end) => (end.status === 'fulfilled' ? [...end.value] : []));
    assert.deepEqual(new Set(replies), new Set([{ accepted: true }, { accepted: false, reason: 'reference_used' }]));
    assert.deepEqual([await store.balance(1), await store.balance(2)], [0, 0]);
    await account.refund([1, 2].map((personId) => ({ bookingId: personId, eventId: 1, personId })));
    assert.deepEqual([await store.balance(1), await store.balance(2)], [0, 0]);
    await checkBooks(database);
  });

  test('overlapping batches, refunds against payments and deposits, from 8 callers: every rule holds', async () => {
    const database = await open();
    const { account, store, deposits } = await openAccount(database);
    const requestOf = (booking: number): PayRequest => ({
      bookingId: booking,
      eventId: 1,
      personId: 1 + (booking % 7),
      amount: 3,
    });
    const caller = new Caller({ act: account.pay, undo: account.refund }, requestOf);
    const deposited = new Map<number, number>();
    await Promise.all(
      callsOfMany(8, 60).map(async (calls, index) => {
        for (const call of calls) {
          await caller.call(call);
          const person = 1 + (index % 7);
          deposited.set(person, (deposited.get(person) ?? 0) + 2);
          await deposits.make(person, 2);
        }
      }),
    );
    caller.checkAnswers();
    await checkBooks(database);
    for (const [person, delta] of deposited) {
      const paid = caller.held().filter((booking) => requestOf(booking).personId === person).length;
      assert.equal(await store.balance(person), delta - paid * 3);
    }
  });
}
