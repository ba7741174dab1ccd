import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { auditCalls } from './auth/audit.ts';
import { Problem } from './http/problem.ts';
import { PaymentEntry, SlotEntry } from './records.ts';
import { ReasonSchema } from './step.ts';

const step = { bookingId: 1, eventId: 1, personId: 1 };
const entry = { key: '00000000-0000-4000-8000-000000000000', at: 0, service: 'book', by: null };
const problem = { type: 'urn:startlist:problem:conflict', title: 'Conflict', status: 409, detail: '' };

/** Whether each schema accepts a word where it has a code that a newer version may add. */
const accepted = (word: string) => ({
  reason: Value.Check(ReasonSchema, word),
  slotState: Value.Check(SlotEntry, { ...step, state: word, price: null }),
  paymentState: Value.Check(PaymentEntry, { ...step, state: word, amount: null }),
  action: Value.Check(auditCalls.record.asked, [{ ...entry, action: word }]),
  problem: Value.Check(Problem, { ...problem, reason: word }),
});

test('a code of a newer version may have digits after its first letter, and is at most 40 characters long', () => {
  for (const word of ['no_slots', 'limit_24h', 'x', 'a'.repeat(40)]) {
    for (const [where, isAccepted] of Object.entries(accepted(word))) assert.ok(isAccepted, `${where}: ${word}`);
  }
  for (const word of ['', '2nd', '_x', 'No', 'a b', 'a-b', 'é', 'a'.repeat(41)]) {
    for (const [where, isAccepted] of Object.entries(accepted(word))) assert.ok(!isAccepted, `${where}: ${word}`);
  }
});
