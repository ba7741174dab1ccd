import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Type } from 'typebox';
import { Unavailable } from '../errors.ts';
import { healthRoutes } from '../http/health.ts';
import type { Server } from '../http/server.ts';
import { createLog } from '../telemetry/log.ts';
import { answerCalls, createInternalServer } from './server.ts';

const Numbers = Type.Array(Type.Integer());
const calls = {
  double: { path: '/internal/double', asked: Numbers, answered: Numbers },
  fail: { path: '/internal/fail', asked: Numbers, answered: Numbers },
} as const;

let server: Server;
let asked: number;
before(async () => {
  asked = 0;
  server = createInternalServer(createLog('silent'), 'the token');
  answerCalls(server, calls, {
    async double(numbers) {
      asked += 1;
      return numbers.map((number) => 2 * number);
    },
    async fail() {
      throw new Unavailable('not now', { retryAfterS: 7 });
    },
  });
  healthRoutes(server, () => true);
  await server.ready();
});
after(() => server.close());

const post = (url: string, authorization?: string, payload: unknown = [1, 2]) =>
  server.inject({
    method: 'POST',
    url,
    payload: JSON.stringify(payload),
    headers: authorization === undefined ? {} : { authorization },
  });

test('a call with the token is answered with a batch', async () => {
  const { statusCode, headers, body } = await post('/internal/double', 'Bearer the token');
  assert.equal(statusCode, 200);
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.equal(body, '[2,4]');
});

for (const given of [
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'the token',
  'bearer the token',
  'Bearer the token ',
  'Bearer xxx token',
]) {
  test(`${given === undefined ? 'without a token' : `with ${JSON.stringify(given)}`} a call is 401 and is not executed`, async () => {
    const askedBefore = asked;
    for (const url of ['/internal/double', '/internal/double?x=1', '/internal/fail']) {
      assert.equal((await post(url, given)).statusCode, 401);
    }
    assert.equal(asked, askedBefore);
  });
}

test('internal paths require the token, also unknown and percent-encoded ones', async () => {
  for (const url of ['/internal/nothing', '/internal/', '/internal/%64ouble', '/%69nternal/double']) {
    assert.equal((await post(url)).statusCode, 401, url);
  }
});

test('health needs no token', async () => {
  assert.equal((await server.inject('/health')).statusCode, 200);
  assert.equal((await server.inject('/ready')).statusCode, 200);
});

test('a body of another shape is 400 and is not executed', async () => {
  const askedBefore = asked;
  for (const payload of [{}, ['1'], [1.5], null, 'x', [[1]]]) {
    assert.equal((await post('/internal/double', 'Bearer the token', payload)).statusCode, 400);
  }
  assert.equal(asked, askedBefore);
});

test('a failure keeps its status and retry-after', async () => {
  const { statusCode, headers } = await post('/internal/fail', 'Bearer the token');
  assert.deepEqual([statusCode, headers['retry-after']], [503, '7']);
});

test('a batch of 5,000 is read', async () => {
  const set = Array.from({ length: 5_000 }, (_, index) => index);
  const { statusCode, body } = await post('/internal/double', 'Bearer the token', set);
  assert.equal(statusCode, 200);
  assert.deepEqual(JSON.parse(body).length, 5_000);
});
