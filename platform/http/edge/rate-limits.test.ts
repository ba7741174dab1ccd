import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createLog } from '../../telemetry/log.ts';
import { realWorld } from '../../world.ts';
import { createServer, type Server } from '../server.ts';
import { createSessions } from '../sessions.ts';

const [ada, bob] = [1, 2].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [string, string];
const unknown = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let nowMs: number;
let looked: string[];
let people: Map<string, { readonly id: number }>;
let server: Server;
let sessions: ReturnType<typeof createSessions<{ readonly id: number }>>;
beforeEach(() => {
  nowMs = 0;
  looked = [];
  const world = { ...realWorld(), now: () => nowMs };
  const person = { count: 3, windowMs: 60_000 };
  const address = { count: 2, windowMs: 30_000 };
  const unused = { login: person, loginAccount: person, loginAddress: person, register: person };
  const rates = { person, address, ...unused };
  server = createServer(createLog('silent'), { edge: { origins: [], rates }, world });
  people = new Map([
    [ada, { id: 1 }],
    [bob, { id: 2 }],
  ]);
  sessions = createSessions<{ readonly id: number }>(world, async (credentials) => {
    looked.push(...credentials);
    return credentials.map((each) => people.get(each) ?? null);
  });
  server.get('/own', async (request) => sessions.require(request));
  server.get('/open', async () => ({}));
  server.get('/health', async () => ({}));
});

const ask = (url: string, session?: string, remoteAddress = '192.0.2.1') =>
  server.inject({ url, remoteAddress, ...(session !== undefined && { cookies: { session_id: session } }) });

async function statuses(times: number, ...asked: Parameters<typeof ask>): Promise<number[]> {
  const answers: number[] = [];
  for (let time = 0; time < times; time += 1) answers.push((await ask(...asked)).statusCode);
  return answers;
}

test('an address gets its rate in headers and 429 beyond it, until the window ends', async () => {
  const first = await ask('/open');
  assert.deepEqual(
    [first.statusCode, first.headers['ratelimit-policy'], first.headers.ratelimit],
    [200, '"address";q=2;w=30', '"address";r=1;t=30'],
  );
  assert.equal((await ask('/open')).statusCode, 200);
  nowMs += 10_000;
  const refused = await ask('/open');
  assert.deepEqual(
    [refused.statusCode, refused.headers['retry-after'], refused.headers.ratelimit],
    [429, '20', '"address";r=0;t=20'],
  );
  assert.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.equal(refused.json().type, 'urn:startlist:problem:too_many_requests');
  nowMs += 20_000;
  assert.equal((await ask('/open')).statusCode, 200);
});

test('each address has its own rate; an IPv6 /64 network shares one', async () => {
  await statuses(2, '/open');
  assert.deepEqual(await statuses(1, '/open'), [429]);
  assert.deepEqual(await statuses(1, '/open', undefined, '192.0.2.2'), [200]);
  assert.deepEqual(await statuses(2, '/open', undefined, '2001:db8::1'), [200, 200]);
  assert.deepEqual(await statuses(1, '/open', undefined, '2001:db8::2'), [429]);
});

test('a request that waits for its response is charged to its person from the next request on', async () => {
  const waiting: (() => void)[] = [];
  server.get('/slow', async (request) => {
    const person = await sessions.require(request);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return person;
  });
  const slow = [ask('/slow', ada), ask('/slow', ada)];
  while (waiting.length < slow.length) await new Promise(setImmediate);
  assert.deepEqual(await statuses(2, '/own', ada), [200, 429]);
  for (const end of waiting) end();
  assert.deepEqual(
    (await Promise.all(slow)).map(({ statusCode }) => statusCode),
    [200, 200],
  );
  assert.deepEqual(await statuses(1, '/own', ada), [429], 'each is charged once');
  assert.deepEqual(await statuses(2, '/open'), [200, 200], 'the address is not charged');
});

test('a signed-in person has one rate across all addresses', async () => {
  assert.deepEqual(await statuses(2, '/own', ada), [200, 200]);
  assert.deepEqual(await statuses(2, '/own', ada, '192.0.2.9'), [200, 429]);
  assert.deepEqual(await statuses(3, '/own', bob), [200, 200, 200]);
  const { headers } = await ask('/own', bob);
  assert.equal(headers['ratelimit-policy'], '"person";q=3;w=60');
});

test('strangers who use up an address do not lock out people known there', async () => {
  assert.deepEqual(await statuses(1, '/own', ada), [200]);
  assert.deepEqual(await statuses(3, '/open'), [200, 200, 429]);
  assert.deepEqual(await statuses(1, '/own', ada), [200]);
});

test('an hour later a known person is still not locked out, although sessions are resolved again every minute', async () => {
  assert.deepEqual(await statuses(1, '/own', ada), [200]);
  for (let minute = 1; minute <= 60; minute += 1) {
    nowMs += 60_000;
    assert.deepEqual(await statuses(3, '/open'), [200, 200, 429]);
    assert.deepEqual(await statuses(3, '/own', ada), [200, 200, 200], `after ${minute} minutes`);
  }
  assert.equal(looked.length, 61);
});

/** Uses up the rate limit of the address from which the tests send requests. */
const useUpAddress = () => statuses(3, '/open');

test('an ended session gets one more look-up, charged to the address', async () => {
  assert.deepEqual(await statuses(1, '/own', ada), [200]);
  assert.deepEqual(await statuses(1, '/own', bob), [200]);
  people.clear();
  nowMs += 60_000;
  assert.deepEqual(await statuses(1, '/own', ada), [401]);
  assert.equal((await ask('/open')).headers.ratelimit, '"address";r=0;t=30');
  assert.deepEqual(await statuses(3, '/own', bob), [401, 429, 429]);
});

test('on routes without a look-up an ended session gets a person’s rate, and uses up nothing of that person’s', async () => {
  const ended = unknown(1);
  people.set(ended, { id: 1 });
  assert.deepEqual(await statuses(1, '/own', ended), [200]);
  people.delete(ended);
  nowMs += 60_000;
  await useUpAddress();
  assert.deepEqual(await statuses(5, '/open', ended), [200, 200, 200, 429, 429]);
  assert.deepEqual(await statuses(3, '/own', ada, '192.0.2.9'), [200, 200, 200]);
});

test('invented sessions are charged to the address, and soon refused before any look-up', async () => {
  const answers = [];
  for (let n = 1; n <= 6; n += 1) answers.push((await ask('/own', unknown(n))).statusCode);
  assert.deepEqual(answers, [401, 401, 429, 429, 429, 429]);
  assert.equal(looked.length, 2);
});

test('an invented session does not bypass the rate on routes without a look-up', async () => {
  const answers = [];
  for (let n = 1; n <= 4; n += 1) {
    answers.push((await ask('/open', unknown(n))).statusCode);
    // A request is charged to the address after its response.
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(answers, [200, 200, 429, 429]);
  assert.deepEqual(await statuses(1, '/open', 'no session at all', '192.0.2.3'), [200]);
});

test('many people at a new address do not use up its rate', async () => {
  const many = await Promise.all([ada, bob, ada, bob].map((session) => ask('/own', session)));
  assert.deepEqual(
    many.map(({ statusCode }) => statusCode),
    [200, 200, 200, 200],
  );
});

test('health checks are not limited', async () => {
  assert.deepEqual(new Set(await statuses(20, '/health')), new Set([200]));
});

test('unknown paths count, too', async () => {
  assert.deepEqual(await statuses(3, '/nothing'), [404, 404, 429]);
});
