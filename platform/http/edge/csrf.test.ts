import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Asking, isCrossSite } from './csrf.ts';

const asking = (headers: Asking['headers'], more: Partial<Asking> = {}): Asking => ({
  method: 'POST',
  protocol: 'http',
  host: 'start.example:8080',
  headers,
  ...more,
});
const none = new Set<string>();
const forged = (headers: Asking['headers'], more: Partial<Asking> = {}) => isCrossSite(asking(headers, more), none);
const cookie = 'session_id=x';

test('a client that sends neither header is not a browser, and may write', () => {
  assert.equal(forged({}), false);
  assert.equal(forged({ cookie }), false);
});

test('our own pages may write, by Origin or by Sec-Fetch-Site', () => {
  assert.equal(forged({ cookie, origin: 'http://start.example:8080' }), false);
  assert.equal(
    forged({ cookie, origin: 'https://start.example' }, { protocol: 'https', host: 'Start.example' }),
    false,
  );
  for (const site of ['same-origin', 'none']) assert.equal(forged({ cookie, 'sec-fetch-site': site }), false);
});

test('another host, port or scheme, an opaque origin and a repeated header are another site', () => {
  const origins = [
    'http://evil.example',
    'http://start.example',
    'http://start.example:8081',
    'https://start.example:8080',
    'http://start.example:8080.evil.example',
    'http://start.example:8080, http://evil.example',
    'null',
    '',
  ];
  for (const origin of origins) assert.equal(forged({ cookie, origin }), true, origin);
  for (const site of ['cross-site', 'same-site', 'same-origin, cross-site', '']) {
    assert.equal(forged({ cookie, 'sec-fetch-site': site }), true, site);
  }
});

test('Sec-Fetch-Site takes precedence over Origin, which a proxy may have changed', () => {
  assert.equal(forged({ cookie, origin: 'https://start.example', 'sec-fetch-site': 'same-origin' }), false);
  assert.equal(forged({ cookie, origin: 'http://start.example:8080', 'sec-fetch-site': 'cross-site' }), true);
});

test('an allowed origin may write, and no other', () => {
  const allowed = new Set(['https://partner.example']);
  const headers = { cookie, origin: 'https://partner.example', 'sec-fetch-site': 'cross-site' };
  assert.equal(isCrossSite(asking(headers), allowed), false);
  assert.equal(isCrossSite(asking({ ...headers, origin: 'https://partner.example.evil' }), allowed), true);
});

test('a token without a cookie may write from any page', () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', authorization: 'Bearer x' };
  assert.equal(forged(headers), false);
  assert.equal(forged({ ...headers, cookie }), true);
  assert.equal(forged({ ...headers, authorization: 'Basic x' }), true);
  assert.equal(forged({ ...headers, authorization: 'Bearer ' }), true);
});

test('reads are allowed; every other method counts as a write', () => {
  const headers = { cookie, origin: 'http://evil.example' };
  for (const method of ['GET', 'HEAD', 'OPTIONS']) assert.equal(forged(headers, { method }), false);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'get'])
    assert.equal(forged(headers, { method }), true);
});

test('of arbitrary origins only ours passes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.domain().map((host) => `http://${host}`),
      ),
      (origin) => {
        assert.equal(forged({ cookie, origin }), origin !== 'http://start.example:8080');
      },
    ),
  );
});
