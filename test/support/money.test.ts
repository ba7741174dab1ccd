import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../platform/database/database.ts';
import { openPglite } from '../../platform/database/pglite.ts';
import { emptyPglite } from './databases/pglite.ts';
import { brokenRules } from './money.ts';
import { book, createEvent, deposit, expect, signInAdmin, startSystem } from './system.ts';

let database: Database;
before(async () => {
  database = await openPglite(undefined, await emptyPglite());
  const { client, stop } = await startSystem(database);
  const admin = await signInAdmin(client);
  await deposit(client, admin, 10);
  const { cookie } = admin;
  const voucher = (delta: number, reference: string) => ({ cookie, body: { user_id: admin.id, delta, reference } });
  await expect(201, client.ask('POST', '/account/credit', voucher(4, 'in')));
  await expect(201, client.ask('POST', '/account/payout', voucher(2, 'out')));
  const eventId = await createEvent(client, admin, { price: 5, slots: 3 });
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await book(client, admin, eventId)).json);
  assert.deepEqual(statuses, [
    { id: 1, user_id: 1, event_id: 1, price: 5, status: 4 },
    { id: 2, user_id: 1, event_id: 1, price: 5, status: 4 },
    { id: 3, user_id: 1, event_id: 1, price: 5, status: -1, reason: 'insufficient_funds' },
  ]);
  const byHand = await createEvent(client, admin, { price: 5, slots: 3 });
  for (const reference of ['kept', 'given back']) {
    const body = { event_id: byHand, guest_name: 'Guest', paid: { amount: 6, reference } };
    await expect(201, client.ask('POST', '/book/by-hand', { cookie, body }));
  }
  await expect(200, client.ask('POST', '/book/cancel', { cookie, body: { booking_id: 5 } }));
  await stop();
});
after(() => database.close());

/** Statements that make a booking, a slot or money wrong, and the beginnings of the rules that must detect this. */
const faults: readonly (readonly [fault: string, ...rules: string[]])[] = [
  ["update book.booking set status = 3, due_at = '2030-01-01' where id = 1", 'no booking is open'],
  ['update events.event set taken_slots = 3', 'as many slots are taken'],
  [
    "update book.booking set status = -1, reason = 'by_owner' where id = 1",
    'as many slots are taken',
    'only a complete booking',
    'a balance is what was paid in less',
  ],
  [
    "update events.slot set state = 'granted', price = 5, reason = null where booking_id = 3",
    'as many slots are taken',
    'only a complete booking',
  ],
  [
    "update events.slot set state = 'released' where booking_id = 1",
    'as many slots are taken',
    'a complete booking has',
  ],
  ['delete from account.payment where booking_id = 1', 'a complete booking has'],
  ['update account.payment set amount = 4 where booking_id = 1', 'a complete booking has'],
  ["update account.payment set state = 'paid', reason = null where booking_id = 3", 'only a complete booking'],
  ['delete from book.booking where id = 1', 'only a complete booking', 'the payments of a booking less'],
  ["delete from account.transfer where kind = 'payment' and booking_id = 1", 'the payments of a booking less'],
  ['update account.transfer set amount = 6 where booking_id = 1', 'the payments of a booking less'],
  [
    `insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
     select kind, person_id, event_id, booking_id, amount, made_at from account.transfer where booking_id = 1`,
    'no booking paid more than once',
  ],
  ['update account.account set balance = 3', 'a balance is the sum', 'a balance is what was paid in less'],
  ['update account.account set deposited = 13', 'a balance is the sum'],
  ["update account.transfer set kind = 'payout' where kind = 'credit'", 'a balance is the sum'],
  ["update account.transfer set amount = 3 where kind = 'payout'", 'a balance is the sum'],
  ['delete from account.voucher', 'every credit and every payout'],
  [
    "insert into account.voucher (reference, transfer_id, made_by) select 'x', id, 1 from account.transfer where booking_id = 1",
    'every credit and every payout',
  ],
  ["update book.booking set desk_reference = 'x' where id = 4", 'a booking by hand is paid as it was asked'],
  ["update book.booking set desk_reference = 'x' where id = 1", 'a booking by hand is paid as it was asked'],
  [
    'update account.payment set desk_reference = null, desk_by = null where booking_id = 5',
    'a booking by hand is paid',
  ],
  [
    "update account.payment set desk_reference = 'kept' where booking_id = 5",
    'a reference of the desk',
    'money from the',
  ],
  ["update account.voucher set reference = 'x' where reference = 'kept'", 'money from the desk'],
  ["update account.voucher set reference = 'x' where reference like '%: refund of booking 5'", 'money from the desk'],
  ["update account.transfer set amount = 7 where kind = 'payout' and amount = 6", 'money from the desk'],
  ['update book.booking set expected_price = 4 where id = 1', 'a complete booking costs what its buyer saw'],
  [
    `create or replace view account.posting as
     select id as transfer_id, 'person' as party, person_id as party_id, amount from account.transfer`,
    'the sum of all postings',
  ],
];

test('a correct run breaks no rule', async () => {
  assert.deepEqual(await brokenRules(database), {});
});

for (const [fault, ...beginnings] of faults) {
  test(`a fault is noticed: ${fault.split('\n')[0]}`, async () => {
    const rollback = new Error('the fault is undone');
    const broken = database.transaction(async (sql) => {
      await sql.query(fault);
      const rules = Object.keys(await brokenRules(sql));
      for (const beginning of beginnings) {
        assert.ok(
          rules.some((rule) => rule.startsWith(beginning)),
          `"${beginning}" is not among: ${rules.join('; ')}`,
        );
      }
      throw rollback;
    });
    await assert.rejects(broken, rollback);
  });
}
