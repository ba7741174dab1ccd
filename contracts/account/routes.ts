import { Type } from 'typebox';
import { Id } from '../fields.ts';
import { keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { Balance, Currency, DepositBody, StatementItem, VoucherBody } from './schemas.ts';

const wholeNumbers = 'Amounts are integers in the smallest unit of the currency; see `GET /account/currency`.';

const credited = {
  id: 7,
  user_id: 2,
  kind: 'credit',
  amount: 100,
  balance: 105,
  reference: 'receipt 2026-117',
  at: '2026-03-01T09:00:00.000Z',
};
const paidOut = { ...credited, id: 9, kind: 'payout', amount: -60, balance: 5, reference: 'payout 12' };
const paid = {
  id: 8,
  user_id: 2,
  kind: 'payment',
  amount: -40,
  balance: 65,
  event_id: 2,
  booking_id: 5,
  at: '2026-03-01T10:00:00.000Z',
};

export const getBalance = defineRoute({
  method: 'GET',
  path: '/account/get',
  tag: 'account',
  operationId: 'getBalance',
  summary: 'Shows the balance of an account',
  description: wholeNumbers,
  access: 'session',
  only: 'the owner of the account, or an admin with `user_id`',
  scope: 'account:read',
  query: Type.Object({ user_id: Type.Optional(Id) }, { additionalProperties: false }),
  answers: { 200: { says: 'The balance.', body: Balance, example: { balance: 5 } } },
});

export const getStatement = defineRoute({
  method: 'GET',
  path: '/account/history',
  tag: 'account',
  operationId: 'getStatement',
  summary: 'Lists the transfers of an account in id order, each with the balance after it',
  description: wholeNumbers,
  access: 'session',
  only: 'the owner of the account, or an admin with `user_id`',
  scope: 'account:read',
  query: Type.Object({ ...PageQuery.properties, user_id: Type.Optional(Id) }, { additionalProperties: false }),
  answers: {
    200: {
      says: 'A page of the statement.',
      body: Type.Array(StatementItem),
      headers: ['Link'],
      example: [credited, paid],
    },
  },
});

export const getCurrency = defineRoute({
  method: 'GET',
  path: '/account/currency',
  tag: 'account',
  operationId: 'getCurrency',
  summary: 'Shows the currency and its number of decimal digits',
  description: 'With `digits` 2, show an amount of 1250 as 12.50. The API itself uses integers only.',
  access: 'anyone',
  answers: { 200: { says: 'The currency.', body: Currency, example: { currency: 'EUR', digits: 2 } } },
});

export const credit = defineRoute({
  method: 'POST',
  path: '/account/credit',
  tag: 'account',
  operationId: 'credit',
  summary: 'Credits an account',
  description:
    'Records money received at a cash desk or from a payment provider. `reference` is unique among credits and payouts, without blanks at its ends: a repeated request returns the first response and moves no money.',
  access: 'session',
  only: 'an admin',
  headers: ['Idempotency-Key'],
  body: VoucherBody,
  example: { user_id: 2, delta: 100, reference: 'receipt 2026-117' },
  answers: { 201: { says: 'The credit, as a line of the statement.', body: StatementItem, example: credited } },
  problems: {
    ...keyProblems,
    404: 'The person does not exist.',
    409: `The reference is already used for another credit or payout, or the total paid in by the person would exceed 2^53 - 1. ${keyProblems[409]}`,
  },
});

export const payout = defineRoute({
  method: 'POST',
  path: '/account/payout',
  tag: 'account',
  operationId: 'payout',
  summary: 'Pays money out to a person',
  description:
    'The amount must not exceed the balance. `reference` is unique among credits and payouts, without blanks at its ends: a repeated request returns the first response and moves no money.',
  access: 'session',
  only: 'an admin',
  headers: ['Idempotency-Key'],
  body: VoucherBody,
  example: { user_id: 2, delta: 60, reference: 'payout 12' },
  answers: { 201: { says: 'The payout, as a line of the statement.', body: StatementItem, example: paidOut } },
  problems: {
    ...keyProblems,
    404: 'The person does not exist.',
    409: `The balance is too low, or the reference is already used for another credit or payout. ${keyProblems[409]}`,
  },
});

export const deposit = defineRoute({
  method: 'PUT',
  path: '/account/deposit',
  tag: 'account',
  operationId: 'deposit',
  summary: "Tops up one's own balance (demo only)",
  access: 'session',
  only: 'everyone, in the demo only',
  headers: ['Idempotency-Key'],
  body: DepositBody,
  example: { delta: 100 },
  answers: { 200: { says: 'The new balance.', body: Balance, example: { balance: 100 } } },
  problems: { ...keyProblems, 409: `The total paid in by the person would exceed 2^53 - 1. ${keyProblems[409]}` },
});
