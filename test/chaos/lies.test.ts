import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sql } from '../../platform/database/database.ts';
import { Ledger } from './ledger.ts';
import { findLies } from './lies.ts';

const answer = (id: number, price: number) => ({ id, user_id: 1, event_id: 1, price, status: 4 });
const row = {
  personId: 1,
  eventId: 1,
  expectedPrice: null,
  madeBy: null,
  deskReference: null,
  status: 4,
  reason: null,
  isCheckedIn: false,
};

/** A booking at the price that was seen, one paid at the desk, which was checked in and out, and one with its receipt. */
function scene() {
  const ledger = new Ledger();
  const asked = { personId: 1, eventId: 1, fate: 'done', status: 201 } as const;
  const byHand = { price: 6, reference: 'receipt 1' };
  const refused = { ...answer(3, 6), status: -1, reason: 'reference_used' as const };
  ledger.bookings.push(
    { ...asked, expectedPrice: 5, told: answer(1, 5) },
    { ...asked, byHand, told: answer(2, 6) },
    { ...asked, byHand, told: refused },
  );
  for (const isIn of [true, false]) ledger.checkIns.push({ bookingId: 2, isIn, fate: 'done', status: 200 });
  ledger.deposits.push({ personId: 1, delta: 10, fate: 'done' });
  const atDesk = { ...row, price: 6, madeBy: 9, deskReference: 'receipt 1' };
  const tables = {
    'book.booking': [
      { ...row, id: 1, price: 5, expectedPrice: 5 },
      { ...atDesk, id: 2 },
      { ...atDesk, id: 3, status: -1, reason: 'reference_used' },
    ] as Record<string, unknown>[],
    'events.event': [{ id: 1, isCanceled: false }],
    'account.account': [{ personId: 1, deposited: 16 }],
    'account.payment': [{ bookingId: 2, personId: 1, reference: 'receipt 1', amount: 6 }],
  };
  const sql = {
    query: async (text: string) => Object.entries(tables).find(([name]) => text.includes(`from ${name}`))?.[1] ?? [],
  } as unknown as Sql;
  const change = (id: number, fields: object) => Object.assign(tables['book.booking'][id - 1] ?? {}, fields);
  return { ledger, tables, change, lies: () => findLies(ledger, sql) };
}

test('true answers are no lies', async () => {
  assert.deepEqual(await scene().lies(), []);
});

const faults: readonly (readonly [
  fault: string,
  plant: (planted: ReturnType<typeof scene>) => unknown,
  lie: RegExp,
])[] = [
  ['a buyer pays another price', ({ change }) => change(1, { price: 6 }), /told 201/],
  ['the price that was seen is forgotten', ({ change }) => change(1, { expectedPrice: null }), /told 201/],
  ['a booking by hand has another price', ({ change }) => change(2, { price: 5 }), /told 201/],
  ['a booking by hand forgets its receipt', ({ change }) => change(2, { deskReference: null }), /told 201/],
  ['a booking that was sold is called one by hand', ({ change }) => change(1, { madeBy: 9 }), /told 201/],
  ['the desk payment stays among the deposits', ({ tables }) => tables['account.payment'].splice(0), /deposits of 10/],
  [
    'a receipt pays twice',
    ({ tables }) => tables['account.payment'].push({ bookingId: 3, personId: 1, reference: 'receipt 1', amount: 6 }),
    /receipt 1 paid for/,
  ],
  [
    'a receipt is called used, but is not',
    ({ tables }) => Object.assign(tables['account.payment'][0] ?? {}, { reference: 'receipt 2' }),
    /no payment at the desk agrees/,
  ],
  ['an undone check-in is still there', ({ change }) => change(2, { isCheckedIn: true }), /the last answered check-in/],
  ['a check-in is lost', ({ ledger }) => ledger.checkIns.pop(), /the last answered check-in/],
];

for (const [fault, plant, lie] of faults) {
  test(`a lie is found: ${fault}`, async () => {
    const planted = scene();
    plant(planted);
    assert.match((await planted.lies()).join('\n'), lie);
  });
}
