import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { type Backend, backends } from '../../contracts/services.ts';
import { play } from '../../programs/walk/play.ts';
import { buildPages } from '../../web/build.ts';
import { createDatabase, type FreshDatabase, skipWithoutPostgres } from '../support/databases/databases.ts';
import { Alone } from '../support/services.ts';
import { Viewer } from '../support/streams.ts';
import { Client, signIn } from '../support/system.ts';
import { Nginx, nginxMissing, type Upstreams, type Ways } from './nginx.ts';

describe('nginx in front of the four services', { skip: nginxMissing || skipWithoutPostgres }, () => {
  const services = withServices();
  describe('with plain routes', () => plainRoutes(withNginx('routes.conf', services)));
  describe('with auth_request', () => authRequest(withNginx('auth-request.conf', services)));
});

/** The fixture of the suite: a process for each service. Its property can be read in hooks and tests only. */
function withServices(): { readonly upstreams: Upstreams } {
  let database: FreshDatabase;
  const running: Alone[] = [];
  let upstreams: Upstreams;
  before(async () => {
    await buildPages();
    database = await createDatabase();
    const environment: Record<string, string> = {
      DATABASE_URL: database.url,
      SERVICE_TOKEN: 'the token of this test',
      DEMO: 'true',
      TRUST_PROXY: 'loopback',
      RATE_LIMITS: 'on',
      RATE_LIMIT_ADDRESS: '200/1h',
    };
    const addresses: [Backend, string[]][] = [];
    for (const service of backends) {
      const alone = new Alone(service, environment);
      running.push(alone);
      environment[`${service.toUpperCase()}_URL`] = (await alone.internal).address;
      addresses.push([service, [new URL((await alone.client).address).host]]);
    }
    upstreams = Object.fromEntries(addresses) as unknown as Upstreams;
  });
  after(async () => {
    for (const alone of running.toReversed()) await alone.end('SIGTERM');
    await database.drop();
  });
  return {
    get upstreams() {
      return upstreams;
    },
  };
}

type Front = Pick<Nginx, 'address' | 'log'>;

/** The fixture of a suite: nginx in front of the services. Its properties can be read in hooks and tests only. */
function withNginx(ways: Ways, services: { readonly upstreams: Upstreams }): Front {
  let nginx: Nginx;
  before(async () => {
    nginx = await Nginx.start(ways, services.upstreams);
  });
  after(() => nginx.stop());
  return {
    get address() {
      return nginx.address;
    },
    get log() {
      return nginx.log;
    },
  };
}

async function walk(nginx: Front, isEmpty: boolean): Promise<void> {
  let output = '';
  const wrong = await play(nginx.address, isEmpty, (text) => {
    output += text;
  });
  assert.equal(wrong, 0, output);
  assert.equal(nginx.log, '');
}

/**
 * Sends requests with forged addresses, all of which must count as one client. @param told a path whose responses
 * contain the rate limit of that client.
 */
async function countsAsOne(nginx: Front, told: string): Promise<void> {
  const client = new Client(nginx.address);
  const forged = [
    { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.8' },
    { 'x-forwarded-for': '203.0.113.7, 127.0.0.1' },
    { forwarded: 'for=203.0.113.6' },
  ];
  const left = async () => Number(/r=(\d+)/.exec(String((await client.ask('GET', told)).headers.ratelimit))?.[1]);
  const before = await left();
  for (const headers of forged) await client.ask('GET', '/events/get', { headers });
  assert.equal(await left(), before - forged.length - 1);
  client.close();
}

function plainRoutes(nginx: Front): void {
  test('the walk on an empty database gives the documented answers, byte for byte', () => walk(nginx, true));

  test('our own pages may write, pages of other sites may not, even with a forged host', async (context) => {
    const client = new Client(nginx.address);
    context.after(() => client.close());
    const write = async (headers: Readonly<Record<string, string>>) =>
      (await client.ask('POST', '/logout', { headers })).status;
    assert.equal(await write({ origin: nginx.address }), 200);
    const origin = 'http://evil.example';
    for (const name of ['x-forwarded-host', 'forwarded']) {
      assert.equal(await write({ origin, [name]: name === 'forwarded' ? 'host=evil.example' : 'evil.example' }), 403);
    }
  });

  test('an event stream passes without buffering', async (context) => {
    const client = new Client(nginx.address);
    context.after(() => client.close());
    const { cookie } = await signIn(client, 'admin', 'password');
    const viewer = await Viewer.open<EventDetail>(nginx.address, '/events/live?ids=1');
    context.after(() => viewer.close());
    await viewer.until(({ last }) => last?.data.id === 1);
    for (const venue of ['a field', 'a hall']) {
      assert.equal((await client.ask('PATCH', '/events/1', { cookie, body: { venue } })).status, 200);
      await viewer.until(({ last }) => last?.data.venue === venue);
    }
  });

  test('forged addresses are ignored: all requests count for the address that nginx sees', () =>
    countsAsOne(nginx, '/events/get'));

  test('the pages are served at their paths', async (context) => {
    const client = new Client(nginx.address);
    context.after(() => client.close());
    for (const path of ['/', '/event/1', '/organize']) {
      const { status, headers } = await client.ask('GET', path);
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path);
    }
  });

  test('unknown paths are not passed on', async (context) => {
    const client = new Client(nginx.address);
    context.after(() => client.close());
    for (const path of ['/health', '/internal/occupy', '/eventsX']) {
      const { status, headers } = await client.ask('GET', path);
      assert.deepEqual([status, headers['content-type']], [404, 'application/problem+json'], path);
    }
  });
}

function authRequest(nginx: Front): void {
  test('the walk passes', () => walk(nginx, false));

  test('requests without a session are refused, and x-user-id is ignored', async (context) => {
    const client = new Client(nginx.address);
    context.after(() => client.close());
    for (const path of ['/events/get', '/account/get', '/book/get']) {
      const { status } = await client.ask('GET', path, { headers: { 'x-user-id': '1' } });
      assert.equal(status, 401, path);
    }
    const { cookie } = await signIn(client, 'user', 'userpassword');
    const own = await client.ask('GET', '/account/get', { cookie, headers: { 'x-user-id': '1' } });
    assert.deepEqual(own.json, { balance: 0 });
  });

  test('forged addresses are ignored by auth, which nginx asks first', () => countsAsOne(nginx, '/signin'));
}

/** Starts a stand-in for a replica of every service. @returns its address. */
async function standIn(context: TestContext, answer: RequestListener): Promise<string> {
  // The timeout is so long that nginx closes the connections first, even on a busy machine.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    request.resume();
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close().closeAllConnections());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startBefore(context: TestContext, ways: Ways, replicas: readonly string[]) {
  const upstreams = Object.fromEntries(backends.map((service) => [service, replicas])) as unknown as Upstreams;
  const nginx = await Nginx.start(ways, upstreams);
  const client = new Client(nginx.address);
  context.after(async () => {
    client.close();
    await nginx.stop();
  });
  return { nginx, client };
}

for (const ways of ['routes.conf', 'auth-request.conf'] as const)
  test(`${ways}: only nginx sets the forwarding headers, and upstream connections are reused`, {
    skip: nginxMissing,
  }, async (context) => {
    const seen: IncomingMessage[] = [];
    const replica = await standIn(context, (request, response) => {
      seen.push(request);
      response.end();
    });
    const { client } = await startBefore(context, ways, [replica]);
    const forged = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded'];
    const headers = Object.fromEntries([...forged, 'traceparent', 'tracestate'].map((name) => [name, 'forged']));
    seen.length = 0;
    for (let time = 0; time < 10; time += 1) await client.ask('GET', '/book/get', { headers });
    const paths = ways === 'routes.conf' ? ['/book/get'] : ['/auth', '/book/get'];
    assert.deepEqual([...new Set(seen.map(({ url }) => url))], paths);
    const { host } = new URL(client.address);
    for (const { url, headers: found } of seen) {
      const said = Object.entries(found).filter(([name]) => /^host|connection|forwarded|real-ip|^trace/.test(name));
      const expected = { host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': host };
      assert.deepEqual(Object.fromEntries(said), expected, url);
    }
    assert.equal(
      new Set(seen.map(({ socket }) => socket.remotePort)).size,
      paths.length,
      'one connection for each upstream',
    );
  });

test('nginx passes on a 429 of auth, and answers 503 when auth fails', {
  skip: nginxMissing,
}, async (context) => {
  let status = 429;
  const replica = await standIn(context, (request, response) => {
    if (request.url === '/auth') response.writeHead(status, { 'retry-after': '17' });
    response.end();
  });
  const { client } = await startBefore(context, 'auth-request.conf', [replica]);
  const ask = async (method: string) => {
    const { status, headers, json } = await client.ask(method, '/book/get', { body: '{}' });
    assert.equal(headers['content-type'], 'application/problem+json');
    return [status, headers['retry-after'], (json as { type: string }).type];
  };
  for (const method of ['GET', 'POST']) {
    status = 429;
    assert.deepEqual(await ask(method), [429, '17', 'urn:startlist:problem:too_many_requests']);
    for (status of [500, 503]) assert.deepEqual(await ask(method), [503, '1', 'urn:startlist:problem:unavailable']);
  }
  status = 200;
  assert.equal((await client.ask('POST', '/book/get')).status, 200);
});

test('replicas that answered 503 get the next request again', { skip: nginxMissing }, async (context) => {
  let isFull = true;
  const answer: RequestListener = (_request, response) =>
    response.writeHead(isFull ? 503 : 200, { 'retry-after': '1' }).end();
  const replicas = await Promise.all([1, 2].map(() => standIn(context, answer)));
  const { nginx, client } = await startBefore(context, 'routes.conf', replicas);
  const ask = async (method: string) => (await client.ask(method, '/book/get')).status;
  for (const method of ['GET', 'POST', 'GET', 'POST', 'GET']) assert.equal(await ask(method), 503, nginx.log);
  isFull = false;
  for (const method of ['GET', 'POST', 'GET', 'POST']) assert.equal(await ask(method), 200, nginx.log);
});

test('a replica breaks off: a read is repeated at the next one, and no write is, not even a deposit with PUT', {
  skip: nginxMissing,
}, async (context) => {
  const received: string[] = [];
  const breakOff: RequestListener = (request, response) => {
    // The test requests this page to find out whether nginx has started.
    if (request.url === '/') return void response.end();
    received.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => request.socket.destroy());
  };
  const replicas = await Promise.all([1, 2].map(() => standIn(context, breakOff)));
  for (const [method, path, times] of [
    ['GET', '/account/get', 2],
    ['PUT', '/account/deposit', 1],
    ['POST', '/account/deposit', 1],
    ['POST', '/book/create', 1],
    ['PATCH', '/events/1', 1],
  ] as const) {
    // nginx avoids a replica that has failed, so each request is sent to a newly started nginx.
    const { client } = await startBefore(context, 'routes.conf', replicas);
    received.length = 0;
    assert.equal((await client.ask(method, path, { body: method === 'GET' ? undefined : {} })).status, 502);
    assert.deepEqual(received, Array(times).fill(`${method} ${path}`));
  }
});
