import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readEnvironment } from '../../config.ts';
import { createLog } from '../../telemetry/log.ts';
import { createServer } from '../server.ts';
import { type Edge, edgeOf, edgeSpecs } from './edge.ts';

const edgeBy = (environment: Record<string, string>): Edge => edgeOf(readEnvironment(environment, edgeSpecs));

function serverWith(environment: Record<string, string>) {
  const server = createServer(createLog('silent'), { edge: { ...edgeBy(environment), rates: undefined } });
  server.get('/seen', async ({ ip, protocol, host }) => ({ ip, protocol, host }));
  server.post('/write', async () => ({ written: true }));
  return server;
}

describe('settings', () => {
  test('an invalid setting is refused with one line that names it', () => {
    const wrong: Record<string, string[]> = {
      TRUST_PROXY: ['10.0.0.0/33', 'localhost', 'true', '1', '10.0.0.1;10.0.0.2', '10.0.0.1,'],
      ALLOWED_ORIGINS: ['*', 'example.org', 'https://example.org/', 'null', 'ftp://example.org', 'https://a.org,'],
      RATE_LIMITS: ['no', 'false'],
      RATE_LIMIT_PERSON: ['600'],
      RATE_LIMIT_ADDRESS: ['many'],
      MAX_CONNECTIONS: ['0', '-1', 'many'],
      MAX_CONNECTIONS_PER_ADDRESS: ['0'],
    };
    for (const [name, texts] of Object.entries(wrong)) {
      for (const text of texts) {
        assert.throws(() => edgeBy({ [name]: text }), new RegExp(`^WrongConfiguration: ${name}: [^\\n]+$`), text);
      }
    }
  });

  test('by default no proxy is trusted, no other origin is allowed, and rates are limited', () => {
    const { trust, origins, rates } = edgeBy({});
    assert.deepEqual([trust, origins], [undefined, []]);
    assert.deepEqual(rates?.person, { count: 600, windowMs: 60_000 });
    assert.equal(edgeBy({ RATE_LIMITS: 'off' }).rates, undefined);
  });
});

describe('forwarded headers', () => {
  const forged = {
    host: 'start.example',
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
  };
  const seen = async (environment: Record<string, string>, remoteAddress: string, headers = forged) =>
    (await serverWith(environment).inject({ url: '/seen', remoteAddress, headers })).json();

  test('are ignored by default', async () => {
    assert.deepEqual(await seen({}, '10.0.0.1'), { ip: '10.0.0.1', protocol: 'http', host: 'start.example' });
  });

  test('are believed from a trusted proxy only', async () => {
    const environment = { TRUST_PROXY: '10.0.0.0/8, fd00::/8' };
    const forwarded = { ip: '198.51.100.7', protocol: 'https', host: 'evil.example' };
    for (const proxy of ['10.0.0.1', '10.255.0.1', 'fd00::1'])
      assert.deepEqual(await seen(environment, proxy), forwarded);
    for (const stranger of ['11.0.0.1', '192.0.2.1', '::1']) {
      assert.deepEqual(await seen(environment, stranger), { ip: stranger, protocol: 'http', host: 'start.example' });
    }
  });

  test('the client address is the last one in the chain that is not a trusted proxy', async () => {
    const chain = { ...forged, 'x-forwarded-for': '203.0.113.1, 198.51.100.7, 10.0.0.2' };
    assert.equal((await seen({ TRUST_PROXY: '10.0.0.0/8' }, '10.0.0.1', chain)).ip, '198.51.100.7');
  });
});

describe('security headers', () => {
  const csp =
    "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'";
  const hsts = ['strict-transport-security', 'max-age=31536000'] as const;
  const page = (...transport: (readonly string[])[]) => [
    ['content-security-policy', csp],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['referrer-policy', 'same-origin'],
    ...transport,
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
  ];
  const write = (...transport: (readonly string[])[]) => [
    ['content-security-policy', "default-src 'none';frame-ancestors 'none'"],
    ['cross-origin-resource-policy', 'same-origin'],
    ...transport,
    ['x-content-type-options', 'nosniff'],
  ];
  const others = /^(allow|connection|content-(type|length)|date)$/;
  /** The headers in the order in which they were sent, without those that describe the response itself. */
  const securityHeaders = (headers: object) => Object.entries(headers).filter(([name]) => !others.test(name));

  test('a read, errors included, gets all six', async () => {
    for (const url of ['/seen', '/nothing', '/write']) {
      assert.deepEqual(securityHeaders((await serverWith({}).inject(url)).headers), page(), url);
    }
  });

  test('a write gets the three that matter to it', async () => {
    const { headers } = await serverWith({}).inject({ method: 'POST', url: '/write' });
    assert.deepEqual(securityHeaders(headers), write());
  });

  test('Strict-Transport-Security is sent over https, as reported by a trusted proxy, and not over http', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    for (const [method, url, expected] of [
      ['GET', '/seen', page],
      ['HEAD', '/seen', page],
      ['POST', '/write', write],
      ['DELETE', '/write', write],
    ] as const) {
      const secure = await serverWith({ TRUST_PROXY: 'loopback' }).inject({ method, url, headers });
      assert.deepEqual(securityHeaders(secure.headers), expected(hsts), method);
      const untrusted = await serverWith({}).inject({ method, url, headers });
      assert.deepEqual(securityHeaders(untrusted.headers), expected(), method);
    }
  });
});

describe('other origins', () => {
  const partner = 'https://partner.example';
  const write = { method: 'POST', url: '/write' } as const;

  test('a write from another site is refused', async () => {
    const answer = await serverWith({}).inject({ ...write, headers: { origin: partner } });
    assert.deepEqual([answer.statusCode, answer.json().type], [403, 'urn:startlist:problem:forbidden']);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  test('closed unless configured: a preflight gets no permission', async () => {
    const headers = { origin: partner, 'access-control-request-method': 'POST' };
    const closed = await serverWith({}).inject({ method: 'OPTIONS', url: '/write', headers });
    assert.equal(closed.headers['access-control-allow-origin'], undefined);
  });

  test('an allowed origin passes preflight, writes with cookies and reads the response; another does not', async () => {
    const server = serverWith({ ALLOWED_ORIGINS: `${partner}, http://127.0.0.1:3000` });
    const headers = { origin: partner, 'sec-fetch-site': 'cross-site', 'access-control-request-method': 'POST' };
    const asked = await server.inject({ method: 'OPTIONS', url: '/write', headers });
    const written = await server.inject({ ...write, headers });
    for (const answer of [asked, written]) {
      assert.equal(answer.headers['access-control-allow-origin'], partner);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    }
    assert.deepEqual(written.json(), { written: true });
    const other = await server.inject({ ...write, headers: { ...headers, origin: 'https://evil.example' } });
    assert.deepEqual([other.statusCode, other.headers['access-control-allow-origin']], [403, undefined]);
  });
});
