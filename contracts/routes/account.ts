import { Balance, DepositBody } from '../account.ts';
import { keyProblems } from '../headers.ts';
import { defineRoute } from '../route.ts';

export const getBalance = defineRoute({
  method: 'GET',
  path: '/account/get',
  tag: 'account',
  operationId: 'getBalance',
  summary: "Shows one's balance",
  access: 'session',
  scope: 'account:read',
  answers: { 200: { says: 'The balance.', body: Balance, example: { balance: 5 } } },
});

export const deposit = defineRoute({
  method: 'PUT',
  path: '/account/deposit',
  tag: 'account',
  operationId: 'deposit',
  summary: "Tops up one's balance, in the demo",
  access: 'session',
  only: 'anyone, in the demo; nobody else',
  headers: ['Idempotency-Key'],
  body: DepositBody,
  example: { delta: 100 },
  answers: { 200: { says: 'The balance afterwards.', body: Balance, example: { balance: 100 } } },
  problems: { ...keyProblems, 409: `A person deposits 2^53 - 1 in all, and not one more. ${keyProblems[409]}` },
});
