import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { writeDocument } from '../../openapi/document.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { faultOf } from './answers.ts';
import { Interface } from './document.ts';
import { draw } from './requests.ts';
import { fuzz } from './run.ts';

const seed = 1;
const described = new Interface(JSON.parse(JSON.stringify(writeDocument())));
const history = Array.from({ length: 3_000 }, (_, number) => draw(described, seed, number));

eachDatabase((_kind, open) => {
  test('every response follows the document, and all invariants hold', async (t) => {
    const { asked, faults, answers } = await fuzz(await open(), { seed, requests: 1_000 });
    t.diagnostic(`${asked} requests of seed ${seed}`);
    assert.deepEqual(faults, [], `npm run fuzz -- --seed ${seed} --requests ${asked}`);
    assert.deepEqual(Object.keys(answers).sort(), described.operations.map(({ operationId }) => operationId).sort());
  });
});

describe('the requests', () => {
  test('follow from the seed and the number', () => {
    assert.deepEqual(
      history.slice(0, 300),
      Array.from({ length: 300 }, (_, number) => draw(described, seed, number)),
    );
    assert.notDeepEqual(
      history.slice(0, 300),
      Array.from({ length: 300 }, (_, number) => draw(described, 2, number)),
    );
  });

  test('cover every operation, valid and invalid, by every kind of caller', () => {
    for (const { operationId, body, parameters } of described.operations) {
      const asked = history.filter(({ operation }) => operation.operationId === operationId);
      const allowed = asked.filter(({ isAllowed }) => isAllowed).length;
      assert.ok(allowed > asked.length / 4, `${operationId}: ${allowed} of ${asked.length} are allowed`);
      const canBeWrong = body !== undefined || parameters.some((parameter) => parameter.in !== 'header');
      if (canBeWrong) assert.ok(allowed < asked.length, operationId);
      assert.ok(new Set(asked.map(({ asker }) => asker)).size >= 5, operationId);
    }
  });
});

describe('a faulty response is found:', () => {
  const balance = history.find(({ operation, isAllowed }) => operation.operationId === 'getBalance' && isAllowed);
  const wrongDeposit = history.find(({ operation, isAllowed }) => operation.operationId === 'deposit' && !isAllowed);
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const problem = { 'content-type': 'application/problem+json; charset=utf-8' };
  const unavailable = '{"type":"urn:startlist:problem:unavailable","title":"T","status":503,"detail":"D"}';
  const unauthenticated = '{"type":"urn:startlist:problem:unauthenticated","title":"T","status":401,"detail":"D"}';
  const found = (asked: typeof balance, status: number, headers: object, text: string) =>
    faultOf(described, asked as never, { status, headers: headers as never, text, json: undefined });

  const tooLarge = '{"type":"urn:startlist:problem:too_large","title":"T","status":431,"detail":"D"}';
  const withLongPath = balance && { ...balance, path: `${balance.path}?q=${'x'.repeat(16_000)}` };

  test('a correct one is not', () => {
    assert.equal(found(balance, 200, json, '{"balance":5}'), undefined);
    assert.equal(found(withLongPath, 431, problem, tooLarge), undefined);
    assert.equal(found(balance, 401, problem, unauthenticated), undefined);
    assert.equal(found(balance, 503, { ...problem, 'retry-after': '1' }, unavailable), undefined);
  });

  for (const [what, words, fault] of [
    ['a server error', /500 is a server error/, () => found(balance, 500, problem, '{}')],
    ['an undocumented status', /418 is not documented/, () => found(balance, 418, problem, '{}')],
    ['headers called too large', /431 is not documented/, () => found(balance, 431, problem, tooLarge)],
    ['an extra field', /additional properties/, () => found(balance, 200, json, '{"balance":5,"id":1}')],
    ['a wrong value', /must be/, () => found(balance, 200, json, '{"balance":-1}')],
    ['invalid JSON', /must be object/, () => found(balance, 200, json, 'x')],
    ['another media type', /text\/html/, () => found(balance, 200, { 'content-type': 'text/html' }, '<p>')],
    ['a problem as plain JSON', /not documented/, () => found(balance, 401, json, unauthenticated)],
    [
      'another status in the problem',
      /another status/,
      () => found(balance, 401, problem, unauthenticated.replace('401', '403')),
    ],
    ['a missing Retry-After', /Retry-After/, () => found(balance, 503, problem, unavailable)],
    [
      'a source location',
      /must not/,
      () => found(balance, 401, problem, unauthenticated.replace('"D"', '"at x (/a/b.js:1:2)"')),
    ],
    ['success for an invalid request', /does not allow/, () => found(wrongDeposit, 200, json, '{"balance":5}')],
  ] as const) {
    test(what, () => assert.match(String(fault()), words));
  }
});
