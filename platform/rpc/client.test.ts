import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Type } from 'typebox';
import { OutcomeUnknown, Unavailable } from '../errors.ts';
import { createLog } from '../telemetry/log.ts';
import { realWorld } from '../world.ts';
import { askRemotely } from './client.ts';
import { answerCalls, createInternalServer } from './server.ts';

const Numbers = Type.Array(Type.Integer());
const calls = {
  double: { path: '/internal/double', asked: Numbers, answered: Numbers },
  look: { path: '/internal/look', isRead: true, asked: Numbers, answered: Numbers },
} as const;

const world = realWorld();
const remote = { world, serviceToken: 'the token' };
/** Options with a short timeout, for the tests that wait until it ends. */
const soon = { ...remote, timeoutMs: 300 };

/** The server's behavior; each test sets its own. */
let behave: (request: IncomingMessage, response: ServerResponse) => void;
let other: Server;
let url: string;
const connections = new Set<Socket>();
before(async () => {
  other = createServer((request, response) => behave(request, response));
  other.on('connection', (socket) => connections.add(socket));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
});
after(() => {
  other.close();
  other.closeAllConnections();
});

const ask = (numbers: readonly number[] = [1, 2], at = url) =>
  askRemotely(calls, { ...remote, url: at }).double(numbers);
const look = (by: typeof remote = remote) => askRemotely(calls, { ...by, url }).look([1, 2]);
const answering = (status: number, body: string) => (request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};

test('a call posts the batch with the token and reads the reply', async () => {
  let seen: unknown[] = [];
  behave = async (request, response) => {
    const { method, url, headers } = request;
    seen = [method, url, headers.authorization, headers['content-type'], await text(request)];
    response.end('[2,4]');
  };
  assert.deepEqual(await ask(), [2, 4]);
  assert.deepEqual(seen, ['POST', '/internal/double', 'Bearer the token', 'application/json', '[1,2]']);
});

test('the path of a base URL is prepended to the path of the call', async () => {
  let seen: string | undefined;
  behave = (request, response) => {
    seen = request.url;
    answering(200, '[]')(request, response);
  };
  for (const base of ['/events', '/events/']) {
    await ask([], `${url}${base}`);
    assert.equal(seen, '/events/internal/double');
  }
});

test('connections are reused', async () => {
  behave = answering(200, '[]');
  await ask();
  const before = connections.size;
  for (let time = 0; time < 20; time += 1) await ask();
  assert.equal(connections.size, before);
});

/** True for the error that means: the call was not executed. */
const notCarriedOut = (error: unknown) => error instanceof Unavailable && !(error instanceof OutcomeUnknown);
/** True for an error after which the call is not retried. */
const fault = (error: unknown) => error instanceof Error && !(error instanceof Unavailable);

for (const status of [401, 404, 408, 429, 502, 503]) {
  test(`status ${status}: Unavailable, and the message names the server`, async () => {
    behave = answering(status, '{"detail":"why"}');
    await assert.rejects(ask(), notCarriedOut);
    await assert.rejects(ask(), {
      message: new RegExp(`127.0.0.1:\\d+ answered ${status} to /internal/double: .*why`),
    });
  });
}

test('status 504: OutcomeUnknown', async () => {
  behave = answering(504, '{}');
  await assert.rejects(ask(), OutcomeUnknown);
});

for (const status of [400, 409, 413, 500]) {
  test(`status ${status}: an Error, so the batch is split`, async () => {
    behave = answering(status, '{}');
    await assert.rejects(ask(), fault);
  });
}

for (const body of ['{"not":"a set"}', '["2"]', '[1.5]', 'null', '', '[2,', '<html>']) {
  test(`the reply ${JSON.stringify(body)} is an Error`, async () => {
    behave = answering(200, body);
    await assert.rejects(ask(), fault);
  });
}

test('connection refused: Unavailable, with the cause', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  await assert.rejects(ask([1], `http://127.0.0.1:${port}`), (error: Error) => {
    assert.match(error.message, /no answer from .*ECONNREFUSED/);
    assert.ok(error.cause instanceof Error);
    return notCarriedOut(error);
  });
});

test('no reply in time: OutcomeUnknown, soon after the timeout', async () => {
  behave = () => {};
  const beganMs = performance.now();
  await assert.rejects(askRemotely(calls, { ...soon, url }).double([1]), OutcomeUnknown);
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs > 250 && tookMs < 3_000, `after ${tookMs} ms`);
});

test('a reply that starts in time and never ends: OutcomeUnknown', async () => {
  behave = (_request, response) => {
    response.writeHead(200).write('[2,');
  };
  await assert.rejects(askRemotely(calls, { ...soon, url }).double([1]), OutcomeUnknown);
});

test('a connection that breaks before or during the reply: OutcomeUnknown', async () => {
  behave = (request) => void request.socket.destroy();
  await assert.rejects(ask(), OutcomeUnknown);
  behave = (request) => request.socket.resetAndDestroy();
  await assert.rejects(ask(), OutcomeUnknown);
  behave = async (request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('[2,');
    await delay(20);
    request.socket.destroy();
  };
  await assert.rejects(ask(), OutcomeUnknown);
});

/** Resets the first `times` connections, then answers. @returns the count of requests. */
function breaking(times: number, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen = { requests: 0 };
  behave = (request, response) => {
    seen.requests += 1;
    if (seen.requests <= times) request.socket.resetAndDestroy();
    else answer(request, response);
  };
  return seen;
}

test('a read is retried once when its connection breaks', async () => {
  const seen = breaking(1, answering(200, '[1,2]'));
  assert.deepEqual(await look(), [1, 2]);
  assert.equal(seen.requests, 2);
});

test('a write is not retried when its connection breaks', async () => {
  const seen = breaking(1, answering(200, '[2,4]'));
  await assert.rejects(ask(), OutcomeUnknown);
  assert.equal(seen.requests, 1);
});

test('a read with broken connections or status 504: Unavailable, because a read stores nothing', async () => {
  const broken = breaking(9, answering(200, '[]'));
  await assert.rejects(look(), notCarriedOut);
  assert.equal(broken.requests, 2);
  const unknown = breaking(0, answering(504, '{}'));
  await assert.rejects(look(), notCarriedOut);
  assert.equal(unknown.requests, 2);
});

test('a read without a reply in time: Unavailable, without a retry', async () => {
  const seen = breaking(0, () => {});
  await assert.rejects(look(soon), notCarriedOut);
  assert.equal(seen.requests, 1);
});

test('a batch of 5,000 is sent and answered', async () => {
  const server = createInternalServer(createLog('silent'), 'the token');
  answerCalls(server, calls, { double: async (set) => set.map((number) => 2 * number), look: async (set) => [...set] });
  const at = await server.listen({ port: 0, host: '127.0.0.1' });
  const set = Array.from({ length: 5_000 }, (_, index) => index);
  try {
    assert.deepEqual(
      await askRemotely(calls, { ...remote, url: at }).double(set),
      set.map((number) => 2 * number),
    );
    // A call with a wrong token fails as Unavailable.
    await assert.rejects(askRemotely(calls, { ...remote, url: at, serviceToken: 'x' }).double(set), notCarriedOut);
  } finally {
    await server.close();
  }
});
