import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutcomeUnknown, Unavailable } from '../platform/errors.ts';
import { answering, type Calls } from '../platform/rpc/call.ts';
import { accountCalls, currencyCalls } from './account/calls.ts';
import { auditCalls } from './auth/audit.ts';
import { authCalls } from './auth/calls.ts';
import { eventsCalls } from './events/calls.ts';
import { idCalls } from './ids.ts';
import { accountRecordCalls, eventsRecordCalls } from './records.ts';

const everything: Calls[] = [
  authCalls,
  auditCalls,
  eventsCalls,
  eventsRecordCalls,
  accountCalls,
  currencyCalls,
  accountRecordCalls,
  idCalls,
];

test('all calls between services except these six only read', () => {
  const writes = everything.flatMap((calls) => Object.entries(calls).filter(([, { isRead }]) => !isRead));
  assert.deepEqual(writes.map(([name]) => name).toSorted(), [
    'occupy',
    'pay',
    'raiseIds',
    'record',
    'refund',
    'release',
  ]);
});

test('a broken connection: a read is unavailable, the outcome of a write is unknown', async () => {
  const broken = () => Promise.reject(new OutcomeUnknown('the connection broke'));
  for (const calls of everything) {
    const names = Object.keys(calls);
    const answers = answering(calls, Object.fromEntries(names.map((name) => [name, broken])));
    for (const name of names) {
      await assert.rejects(answers[name]?.([]) ?? Promise.resolve(), (error) => {
        return error instanceof Unavailable && error instanceof OutcomeUnknown === !calls[name]?.isRead;
      });
    }
  }
});
