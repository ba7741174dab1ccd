import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Type } from 'typebox';
import { createLog } from '../telemetry/log.ts';
import { route } from './route.ts';
import { createServer } from './server.ts';

const server = createServer(createLog('silent'));
let balance = 5;
const answers = { 200: { body: Type.Object({ balance: Type.Integer() }) } } as const;
route(server, { method: 'GET', path: '/balance', answers }, async () => ({ balance }));
route(server, { method: 'PUT', path: '/balance', answers }, async () => ({ balance }));
route(server, { method: 'GET', path: '/who', answers }, async (_request, reply) => {
  reply.header('cache-control', 'no-store');
  return { balance };
});
after(() => server.close());

const get = (tags?: string) =>
  server.inject({ url: '/balance', headers: tags === undefined ? {} : { 'if-none-match': tags } });

test('unchanged content is 304, with a strong tag, a weak one, a list or *', async () => {
  const { headers, statusCode } = await get();
  const tag = String(headers.etag);
  assert.equal(statusCode, 200);
  assert.match(tag, /^"[\w-]{27}"$/);
  for (const tags of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const again = await get(tags);
    assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', tag], tags);
  }
});

test('changed content is sent', async () => {
  const before = String((await get()).headers.etag);
  balance = 6;
  const now = await get(before);
  assert.deepEqual([now.statusCode, now.json()], [200, { balance: 6 }]);
  assert.notEqual(now.headers.etag, before);
});

test('writes and no-store responses have no tag', async () => {
  const write = await server.inject({ method: 'PUT', url: '/balance', headers: { 'if-none-match': '*' } });
  assert.deepEqual([write.statusCode, write.headers.etag], [200, undefined]);
  const who = await server.inject({ url: '/who', headers: { 'if-none-match': '*' } });
  assert.deepEqual([who.statusCode, who.headers.etag], [200, undefined]);
});
