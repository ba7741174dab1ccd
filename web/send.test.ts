import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { send, Unreachable } from './ui/api/send.ts';

/** The answers to the next requests, in order. An error breaks the connection. */
let answers: (Response | Error)[] = [];
/** The idempotency keys that were sent. */
let sent: (string | null)[] = [];

beforeEach(() => {
  [answers, sent] = [[], []];
  mock.method(globalThis, 'fetch', async (request: Request) => {
    sent.push(request.headers.get('idempotency-key'));
    const answer = answers.shift() ?? new Error('no more answers');
    if (answer instanceof Error) throw answer;
    return answer;
  });
});

const json = (status: number, body: unknown, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const problem = (status: number, kind: string, headers = {}) =>
  json(status, { type: `urn:startlist:problem:${kind}`, status, detail: kind }, headers);
const page = (status: number) => new Response('<h1>nginx</h1>', { status, headers: { 'content-type': 'text/html' } });
const lost = new TypeError('Failed to fetch');

/** An answer whose connection breaks in its body. */
function half(): Response {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new TypeError('network error')),
  });
  return new Response(body, { status: 201, headers: { 'content-type': 'application/json' } });
}

let name = 0;
/** A write that no other test sends. */
function newWrite(path = '/events/create', method = 'POST'): () => Promise<Response> {
  name += 1;
  const body = JSON.stringify({ event_name: `run ${name}` });
  return () => send(new Request(`http://localhost${path}`, { method, body }));
}

const fails = (kind: string, sending: Promise<Response>) =>
  assert.rejects(sending, (error: unknown) => error instanceof Unreachable && error.lost === kind);

describe('a write whose outcome is unknown', () => {
  const unknown: [title: string, answer: () => Response | Error][] = [
    ['there was no answer', () => lost],
    ['the answer broke off', half],
    ['a proxy answered 502', () => page(502)],
    ['a proxy answered 503', () => page(503)],
    ['a proxy answered 500', () => json(500, { error: 'oops' })],
    ['a proxy answered 504', () => page(504)],
    ['Startlist does not know', () => problem(504, 'outcome_unknown')],
    ['a hotspot answered with its page', () => page(200)],
  ];
  for (const [title, answer] of unknown) {
    test(`is sent again with its key, and the next one has another: ${title}`, async () => {
      const write = newWrite();
      answers = [answer(), json(201, { id: 1 }), json(201, { id: 2 })];
      await fails('repeatable', write());
      assert.equal((await write()).status, 201);
      await write();
      assert.ok(sent[0]);
      assert.equal(sent[1], sent[0]);
      assert.notEqual(sent[2], sent[0]);
    });
  }

  test('keeps its key over refusals that come before the key is looked up, an internal error and a 404 of a proxy', async () => {
    const write = newWrite('/account/deposit', 'PUT');
    const early = [problem(401, 'unauthenticated'), problem(403, 'forbidden'), problem(429, 'too_many_requests')];
    answers = [lost, ...early, problem(500, 'internal'), page(404), json(200, { balance: 5 })];
    await fails('repeatable', write());
    for (let time = 0; time < 6; time += 1) await write();
    assert.equal(new Set(sent).size, 1);
    assert.equal(sent.length, 7);
  });

  test('is not said to be stored nowhere by a later 503', async () => {
    const [first, second] = [newWrite('/book/check-in'), newWrite('/book/check-in')];
    answers = [problem(503, 'unavailable'), lost, problem(503, 'unavailable')];
    assert.equal((await first()).status, 503);
    await fails('repeatable', second());
    await fails('repeatable', second());
  });
});

describe('a write whose outcome is known', () => {
  test('drops its key: after success, and after a refusal', async () => {
    for (const answer of [
      json(200, {}),
      problem(404, 'not_found'),
      problem(409, 'conflict'),
      problem(400, 'invalid_input'),
    ]) {
      const write = newWrite('/events/1', 'PATCH');
      answers = [answer, json(200, {})];
      await write();
      await write();
      assert.notEqual(sent.at(-1), sent.at(-2));
    }
  });

  test('is waited for while the first one with its key is being carried out', async () => {
    const write = newWrite('/account/credit');
    const inFlight = () => problem(409, 'idempotency_key_in_flight', { 'retry-after': '1' });
    answers = [inFlight(), json(201, { id: 1 })];
    assert.equal((await write()).status, 201);
    assert.equal(sent[1], sent[0]);
  });
});

describe('a request without a key', () => {
  test('is a read or a write of auth, and its loss says whether it may be repeated', async () => {
    answers = [lost, lost, lost, lost];
    await fails('read', send(new Request('http://localhost/events/get')));
    await fails('repeatable', newWrite('/login')());
    await fails('repeatable', newWrite('/auth/people/1/role', 'PUT')());
    await fails('unrepeatable', newWrite('/auth/tokens')());
    assert.deepEqual(sent, [null, null, null, null]);
  });
});
