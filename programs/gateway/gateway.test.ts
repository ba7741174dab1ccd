import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { after, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { backends } from '../../contracts/services.ts';
import type { Trust } from '../../platform/http/edge/trusted-proxies.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { createGateway, openAgent } from './gateway.ts';
import { probeWith } from './probe.ts';
import { type Replica, Replicas } from './replicas.ts';
import { internalUpstream, publicUpstream } from './upstreams.ts';

type Behavior = (request: IncomingMessage, response: ServerResponse) => void;

/** A test server behind the gateway. It answers with `behave`, and is ready by default. */
interface Backend {
  readonly url: string;
  readonly server: Server;
  isReady: boolean;
  behave: Behavior;
  /** The requests received so far, without readiness probes. */
  readonly seen: string[];
}

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function startBackend(behave: Behavior): Promise<Backend> {
  const server = createServer((asked, response) => {
    if (asked.url === '/ready') {
      response.writeHead(backend.isReady ? 200 : 503).end();
      return;
    }
    backend.seen.push(`${asked.method} ${asked.url}`);
    backend.behave(asked, response);
  });
  const backend: Backend = { url: await listen(server), server, isReady: true, behave, seen: [] };
  return backend;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const named = (name: string): Behavior => {
  return (asked, response) => {
    asked.resume().on('end', () => response.end(name));
  };
};

let one: Backend;
let other: Backend;
let replicas: Replicas;
let gatewayUrl: string;
let internalUrl: string;
beforeEach(async () => {
  [one, other] = await Promise.all([startBackend(named('one')), startBackend(named('other'))]);
  const world = realWorld();
  const agent = openAgent(30_000);
  closing.push(() => void agent.destroy());
  const these = new Replicas(world, probeWith(agent, world), () => {});
  closing.push(() => these.replace([]));
  replicas = these;
  const parts = { replicas, agent, log: createLog('silent') };
  gatewayUrl = await listen(
    createGateway({ ...parts, upstreamOf: publicUpstream, urlOf: ({ publicUrl }) => publicUrl }),
  );
  internalUrl = await listen(
    createGateway({ ...parts, upstreamOf: internalUpstream, urlOf: ({ publicUrl }) => publicUrl }),
  );
  replicas.replace([replicaOf(one), replicaOf(other)]);
  await until(() => replicas.inTurn('events').length === 2);
});

const replicaOf = ({ url }: Backend): Replica => ({ service: 'events', publicUrl: url, internalUrl: url });

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 10) {
    assert.ok(waitedMs < 10_000, 'the condition did not hold within 10 s');
    await delay(10);
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function ask(
  method: string,
  path: string,
  body?: string | Buffer,
  headers = {},
  at = gatewayUrl,
): Promise<Answer> {
  const asked = request(new URL(at), { method, path, headers, agent: false });
  asked.end(body);
  const [response] = await once(asked, 'response');
  const { statusCode: status, rawHeaders, headers: answered } = response;
  return { status, rawHeaders, headers: answered, body: await text(response) };
}

test('requests rotate among the ready replicas', async () => {
  const bodies = [];
  for (let time = 0; time < 4; time += 1) bodies.push((await ask('GET', '/events/get')).body);
  assert.deepEqual(bodies.slice(2), bodies.slice(0, 2));
  assert.deepEqual(bodies.slice(0, 2).sort(), ['one', 'other']);
});

test('method, path, headers and body reach the replica unchanged, and its answer reaches the client unchanged', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
  const seen: { method: string; url: string; raw: string[]; bytes: Buffer }[] = [];
  const behave: Behavior = async (asked, response) => {
    const { method = '', url = '', rawHeaders: raw } = asked;
    seen.push({ method, url, raw, bytes: await buffer(asked) });
    response.writeHead(201, 'Made', [
      ...['Set-Cookie', 'a=1; Path=/', 'Set-Cookie', 'b=2', 'Location', '/events/get/7'],
      ...['Link', '</events/get?after=1>; rel="next"', 'X-Odd', 'Å'],
    ]);
    response.end(bytes);
  };
  one.behave = behave;
  other.behave = behave;
  const path = '/events/%7bodd%2F../x//?q=%zz&&q=1';
  const asked = request(new URL(gatewayUrl), { method: 'PUT', path, agent: false });
  asked.setHeader('Content-Type', 'no media type');
  asked.setHeader('Cookie', 'session_id=x');
  asked.setHeader('X-Twice', ['1', '2']);
  asked.end(bytes);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const [arrived] = seen;
  assert.ok(arrived);
  assert.ok(arrived.bytes.equals(bytes));
  assert.deepEqual([arrived.method, arrived.url], ['PUT', path]);
  const lines = (raw: readonly string[]) => raw.flatMap((text, at) => (at % 2 ? [`${raw[at - 1]}: ${text}`] : []));
  for (const line of ['Content-Type: no media type', 'Cookie: session_id=x', 'X-Twice: 1', 'X-Twice: 2']) {
    assert.ok(lines(arrived.raw).includes(line), `${line} in ${lines(arrived.raw)}`);
  }
  assert.match(lines(arrived.raw).join('\n'), new RegExp(`^host: ${new URL(gatewayUrl).host}$`, 'im'));
  assert.deepEqual([response.statusCode, response.statusMessage], [201, 'Made']);
  const answered = lines(response.rawHeaders);
  for (const line of ['Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2', 'Location: /events/get/7', 'X-Odd: Å']) {
    assert.ok(answered.includes(line), `${line} in ${answered}`);
  }
  assert.ok((await buffer(response)).equals(bytes));
});

test('an answer is streamed while the replica is still writing it', async () => {
  let finish = () => {};
  for (const each of [one, other]) {
    each.behave = (_asked, response) => {
      response.write('early');
      finish = () => response.end(' late');
    };
  }
  const asked = request(new URL('/events/get', gatewayUrl), { agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const [first] = await once(response, 'data');
  assert.equal(String(first), 'early');
  finish();
  assert.equal(await text(response), ' late');
});

test('a stopping replica is skipped before it closes, and no request fails', async () => {
  one.isReady = false;
  await until(() => replicas.inTurn('events').length === 1);
  for (let time = 0; time < 3; time += 1) assert.equal((await ask('POST', '/events/create', '{}')).body, 'other');
  one.isReady = true;
  await until(() => replicas.inTurn('events').length === 2);
});

test('a replica that refuses connections is skipped, and the next one gets the whole body of a POST', async () => {
  one.server.close();
  one.server.closeAllConnections();
  const sent = 'x'.repeat(200_000);
  other.behave = async (asked, response) => response.end(String((await text(asked)).length));
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask('POST', '/events/create', sent)));
  for (const { status, body } of answers) assert.deepEqual([status, body], [200, '200000']);
});

test('a GET is repeated at another replica when the first breaks off or answers 503', async () => {
  one.behave = (asked) => void asked.socket.destroy();
  for (let time = 0; time < 4; time += 1) assert.equal((await ask('GET', '/events/get')).body, 'other');
  one.behave = (_asked, response) => void response.writeHead(503).end();
  for (let time = 0; time < 4; time += 1) assert.equal((await ask('GET', '/events/get')).body, 'other');
  assert.ok(one.seen.length >= 4);
});

test('a POST whose replica breaks off is 504 and is not repeated', async () => {
  for (const each of [one, other]) each.behave = (asked) => void asked.socket.destroy();
  const { status, headers, body } = await ask('POST', '/events/create', '{}');
  assert.equal(status, 504);
  assert.match(String(headers['content-type']), /problem\+json/);
  assert.match(body, /outcome_unknown/);
  assert.equal(one.seen.length + other.seen.length, 1);
});

test('a 503 answer to a POST is passed on unchanged', async () => {
  for (const each of [one, other]) {
    each.behave = (asked, response) => {
      asked.resume();
      response.writeHead(503, { 'retry-after': '9' }).end('why');
    };
  }
  const { status, headers, body } = await ask('POST', '/events/create', '{}');
  assert.deepEqual([status, headers['retry-after'], body], [503, '9', 'why']);
  assert.equal(one.seen.length + other.seen.length, 1);
});

test('without a ready replica the answer is an immediate 503 with Retry-After', async () => {
  const { status, headers, body } = await ask('POST', '/book/create', '{}');
  assert.deepEqual([status, headers['retry-after']], [503, '1']);
  assert.match(body, /Nothing was stored/);
});

test('a failed request is logged with its path, without the query', async () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const agent = openAgent(30_000);
  closing.push(() => void agent.destroy());
  const parts = { replicas, agent, log };
  const at = await listen(createGateway({ ...parts, upstreamOf: publicUpstream, urlOf: ({ publicUrl }) => publicUrl }));
  assert.equal((await ask('GET', '/reset?token=slr_secret', undefined, {}, at)).status, 503);
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).path),
    ['/reset'],
  );
  assert.doesNotMatch(lines.join(''), /secret/);
});

test('connections to the replicas are reused', async () => {
  for (let time = 0; time < 4; time += 1) await ask('GET', '/events/get');
  const ports = new Set<number | undefined>();
  for (const each of [one, other]) {
    each.behave = (asked, response) => {
      ports.add(asked.socket.remotePort);
      response.end();
    };
  }
  for (let time = 0; time < 20; time += 1) await ask('GET', '/events/get');
  // The connections of readiness probes are not in this count.
  assert.ok(ports.size <= 4, `${ports.size} connections`);
});

test('the request to the replica is aborted when the client disconnects', async () => {
  let isClosed = false;
  for (const each of [one, other]) {
    each.behave = (_asked, response) => {
      response.on('close', () => {
        isClosed = true;
      });
    };
  }
  const agent = new Agent();
  const asked = request(new URL('/events/get', gatewayUrl), { agent });
  asked.on('error', () => {});
  asked.end();
  await until(() => one.seen.length + other.seen.length > 0);
  asked.destroy();
  await until(() => isClosed);
});

test('unknown paths are 404, and internal routes exist only on the internal port', async () => {
  for (const path of ['/nothing', '/internal/occupy', '/events%2fget', '//events/get', '/events/internal']) {
    const expected = path.startsWith('/events/') ? 200 : 404;
    assert.equal((await ask('GET', path)).status, expected, path);
  }
  const inside = (path: string) => ask('POST', path, '[]', {}, internalUrl);
  assert.equal((await inside('/events/internal/occupy')).status, 200);
  assert.ok([...one.seen, ...other.seen].includes('POST /internal/occupy'));
  for (const path of ['/internal/occupy', '/events/get', '/events/create', '/other/internal/occupy', '/login']) {
    assert.equal((await inside(path)).status, 404, path);
  }
});

test('the gateway answers /health itself, and is ready when every service has a ready replica', async () => {
  assert.deepEqual([(await ask('GET', '/health')).body, (await ask('GET', '/ready')).status], ['{"status":"OK"}', 503]);
  const all = await Promise.all(
    backends.map(async (service) => ({ ...replicaOf(await startBackend(named(service))), service })),
  );
  replicas.replace(all.slice(1));
  await until(() => replicas.inTurn('book').length === 1);
  assert.equal((await ask('GET', '/ready')).status, 503);
  replicas.replace(all);
  await until(() => replicas.areReady);
  assert.equal((await ask('GET', '/ready')).status, 200);
  assert.equal((await ask('GET', '/auth')).body, 'auth');
  assert.equal((await ask('POST', '/login?x')).body, 'auth');
  for (const path of ['/', '/?x', '/event/1', '/assets/x.js']) assert.equal((await ask('GET', path)).body, 'web', path);
});

describe('X-Forwarded headers to the replicas', () => {
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=1' };
  const forged = {
    'X-Forwarded-For': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'X-Forwarded-Host': 'start.example',
    Forwarded: 'for=203.0.113.9',
    'X-Real-IP': '203.0.113.9',
    ...trace,
    Connection: 'x-forwarded-for',
  };

  /** The forwarding headers that a replica receives from a public gateway that trusts these proxies. */
  async function seenBehind(trust: Trust | undefined, headers: Readonly<Record<string, string>>) {
    const seen: IncomingMessage['headers'][] = [];
    for (const each of [one, other]) {
      each.behave = (asked, response) => {
        seen.push(asked.headers);
        response.end();
      };
    }
    const parts = { replicas, agent: openAgent(30_000), log: createLog('silent'), edge: { trust } };
    closing.push(() => void parts.agent.destroy());
    const at = await listen(
      createGateway({ ...parts, upstreamOf: publicUpstream, urlOf: ({ publicUrl }) => publicUrl }),
    );
    await ask('POST', '/events/create', '{}', headers, at);
    const [found = {}] = seen;
    const said = Object.entries(found).filter(([name]) => /forwarded|real-ip|^trace/.test(name));
    return { own: new URL(at).host, said: Object.fromEntries(said) };
  }

  test('forwarded headers of an untrusted client are dropped', async () => {
    for (const headers of [{}, forged]) {
      const { own, said } = await seenBehind(undefined, headers);
      const expected = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': own };
      assert.deepEqual(said, expected);
    }
  });

  test('forwarded headers of a trusted proxy are kept, and its address is appended', async () => {
    const { Connection: _, ...honest } = forged;
    const { said } = await seenBehind((address) => address === '127.0.0.1', honest);
    assert.deepEqual(said, {
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'start.example',
      ...trace,
    });
  });
});
