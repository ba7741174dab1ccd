import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { pino } from 'pino';
import { Type } from 'typebox';
import { PageQuery } from '../../contracts/http/pagination.ts';
import { Conflict, OutcomeUnknown, Unavailable } from '../errors.ts';
import { linkNextPage } from './pagination.ts';
import { createServer } from './server.ts';

const entries: string[] = [];
const server = createServer(pino({ level: 'trace' }, { write: (entry: string) => void entries.push(entry) }));
const Body = Type.Object(
  { count: Type.Integer(), name: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
const Params = Type.Object({ id: Type.Integer({ minimum: 1 }) });
server.post('/things', { schema: { body: Body } }, async ({ body }) => body);
server.post('/bare', async ({ body }) => ({ body: body ?? 'nothing' }));
server.get('/things', { schema: { querystring: PageQuery } }, async (request, reply) => {
  const things = [{ id: 7 }, { id: 9 }].slice(0, request.query.limit);
  linkNextPage(request, reply, request.query, things);
  return things;
});
server.get('/things/:id', { schema: { params: Params } }, async ({ params }) => params);
server.get('/things/first', async () => ({ id: 'first' }));
server.delete('/things/:id', { schema: { params: Params } }, async ({ params }) => params);
server.all('/throw/:what', async ({ params }) => {
  throw thrown[(params as { what: string }).what];
});
const thrown: Record<string, unknown> = {
  bug: new TypeError('the secret is 42'),
  text: 'the secret is 42',
  conflict: new Conflict('It is taken.', 'login'),
  away: new Unavailable('the database at 10.0.0.7 is away', { retryAfterS: 3 }),
  unknown: new OutcomeUnknown('the connection to 10.0.0.7 broke'),
};
after(() => server.close());

const post = (payload: string | Buffer, headers: Record<string, string> = {}, url = '/things') =>
  server.inject({ method: 'POST', url, payload, headers });
const get = (url: string) => server.inject({ url });

async function assertProblem(answering: ReturnType<typeof get>, status: number, detail: RegExp, field?: string) {
  const answer = await answering;
  assert.equal(answer.statusCode, status, answer.body);
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
  const { status: inBody, title, type, ...rest } = answer.json();
  assert.equal(inBody, status);
  assert.match(type, /^urn:startlist:problem:[a-z_]+$/);
  assert.ok(title.length > 0);
  assert.match(rest.detail, detail);
  assert.equal(rest.field, field);
  return answer;
}

test('a body is parsed as JSON with any content type', async () => {
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain; charset=koi8-r', 'no type', ''];
  for (const type of types) {
    const answer = await post('{"count":1,"name":"Ё"}', { 'content-type': type });
    assert.deepEqual([answer.statusCode, answer.json()], [200, { count: 1, name: 'Ё' }], type);
  }
  assert.equal((await post('{"count":1}')).statusCode, 200);
});

test('an empty body is no body', async () => {
  const json = { 'content-type': 'application/json' };
  assert.deepEqual((await post('', json, '/bare')).json(), { body: 'nothing' });
  assert.deepEqual((await server.inject({ method: 'POST', url: '/bare', headers: json })).json(), { body: 'nothing' });
  await assertProblem(post('', json), 400, /^the body must be object/);
});

test('a body that is not JSON, or not UTF-8, is a bad request', async () => {
  for (const body of ['{', 'count=1', '{"count":1}}', '[['.repeat(16_000)]) {
    await assertProblem(post(body), 400, /^The body is not valid JSON/);
  }
  await assertProblem(post(Buffer.from([0x22, 0xff, 0x22])), 400, /^The body is not UTF-8/);
});

test('a body nested 30,000 deep is a bad request like any other', async () => {
  await assertProblem(post('['.repeat(30_000) + ']'.repeat(30_000)), 400, /^the body must be object/);
});

test('keys that would reach a prototype are refused, written plainly or not', async () => {
  for (const key of ['__proto__', '\\u005f_proto__', 'constructor":{"prototype']) {
    const close = key.includes('{') ? '}' : '';
    await assertProblem(post(`{"count":1,"${key}":{"admin":true}${close}}`), 400, /__proto__/);
  }
});

test('of a duplicate key the last value counts', async () => {
  assert.deepEqual((await post('{"count":1,"count":2}')).json(), { count: 2 });
});

test('a body of 64 KiB is read, a byte more is too large', async () => {
  const largest = `{"count":1,"name":"${'x'.repeat(64 * 1024 - 21)}"}`;
  assert.equal(largest.length, 64 * 1024);
  assert.equal((await post(largest)).statusCode, 200);
  await assertProblem(post(`${largest} `), 413, /too large/);
});

test('a body is not coerced, and unknown fields are refused', async () => {
  await assertProblem(post('{"count":"1"}'), 400, /^count must be integer/, 'count');
  await assertProblem(post('{"count":true}'), 400, /^count must be integer/, 'count');
  await assertProblem(post('{"count":null}'), 400, /^count must be integer/, 'count');
  await assertProblem(post('{"count":1.5}'), 400, /^count must be integer/, 'count');
  await assertProblem(post('{"count":1e400}'), 400, /^count must be integer/, 'count');
  await assertProblem(post('{"count":1,"name":2}'), 400, /^name must be string/, 'name');
  await assertProblem(post('{"count":1,"else":2}'), 400, /^Unknown field: else/, 'else');
  await assertProblem(post('{"name":"x"}'), 400, /count is missing/, 'count');
  for (const body of ['null', '[{"count":1}]', '1', '"text"']) await assertProblem(post(body), 400, /must be object/);
});

test('integers in paths and queries are accepted in decimal digits only', async () => {
  assert.deepEqual((await get('/things/17')).json(), { id: 17 });
  for (const id of [
    '0x10',
    '1e2',
    '1.0',
    '+1',
    '%201',
    '01',
    'a',
    'true',
    '99999999999999999999',
    '%00',
    '1'.repeat(90),
  ])
    await assertProblem(get(`/things/${id}`), 400, /^id must be integer/, 'id');
  await assertProblem(get('/things/-1'), 400, /^id must be >= 1/, 'id');
  for (const limit of ['', '0x1', 'x', '1&limit=2', '1.5'])
    await assertProblem(get(`/things?limit=${limit}`), 400, /^limit must be integer/, 'limit');
  await assertProblem(get('/things?limit=0'), 400, /^limit must be >= 1/, 'limit');
  await assertProblem(get('/things?limit=1001'), 400, /^limit must be <= 1000/, 'limit');
  await assertProblem(get('/things?offset=1'), 400, /^Unknown field: offset/, 'offset');
  await assertProblem(get('/things?__proto__=1'), 400, /^Unknown field: __proto__/, '__proto__');
});

test('a full page links to the next one; the last page has no link', async () => {
  const full = await get('/things?limit=2&after=3');
  assert.equal(full.headers.link, '</things?limit=2&after=9>; rel="next"');
  assert.equal((await get('/things')).headers.link, undefined);
});

test('an unknown path is 404', async () => {
  for (const url of ['/nothing', '//things', '/bare/', '/things/1/2', '/thingsXfirst', '/*'])
    await assertProblem(get(url), 404, /^There is nothing at /);
});

test('a known path with another method is 405, with the methods in Allow', async () => {
  const allowed = async (method: string, url: string) => {
    const answer = await server.inject({ method: method as 'PUT', url });
    assert.equal(answer.statusCode, 405, `${method} ${url}`);
    return answer.headers.allow;
  };
  assert.equal(await allowed('PUT', '/things/1'), 'GET, HEAD, DELETE');
  assert.equal(await allowed('PROPFIND', '/things/first'), 'GET, HEAD, DELETE');
  assert.equal(await allowed('DELETE', '/things?limit=1'), 'POST, GET, HEAD');
  assert.equal(await allowed('HEAD', '/bare'), 'POST');
  await assertProblem(server.inject({ method: 'PUT', url: '/bare' }), 405, /accepts POST/);
});

test('HEAD answers like GET, without the body', async () => {
  const [head, whole] = [await server.inject({ method: 'HEAD', url: '/things/1' }), await get('/things/1')];
  assert.deepEqual([head.statusCode, head.body], [200, '']);
  assert.equal(head.headers['content-length'], whole.headers['content-length']);
});

test('a path with broken escapes is 400, and one with an overlong part 414', async () => {
  await assertProblem(get('/things/%zz'), 400, /not a valid url/);
  await assertProblem(get('/%'), 400, /not a valid url/);
  await assertProblem(get(`/things/${'1'.repeat(101)}`), 414, /./);
});

test('an unexpected error is 500: it is logged, and the response has no details', async () => {
  for (const what of ['bug', 'text']) {
    entries.length = 0;
    const answer = await assertProblem(get(`/throw/${what}`), 500, /^The error was logged\.$/);
    assert.doesNotMatch(answer.body, /secret|TypeError|\.ts/);
    assert.match(entries.join(''), /the secret is 42/);
  }
});

test('409 names the field, 503 has Retry-After, 504 says that the outcome is unknown', async () => {
  await assertProblem(get('/throw/conflict'), 409, /^It is taken\.$/, 'login');
  const away = await assertProblem(get('/throw/away'), 503, /^Nothing was stored/);
  assert.equal(away.headers['retry-after'], '3');
  assert.doesNotMatch(away.body, /10\.0\.0\.7/);
  await assertProblem(get('/throw/unknown'), 503, /^Nothing was stored/);
  const doubt = await assertProblem(post('', {}, '/throw/unknown'), 504, /^The connection broke/);
  assert.equal(doubt.headers['retry-after'], undefined);
});

test('a malformed request gets a problem and is not logged', async () => {
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const send = (bytes: string) =>
    text(
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .end(bytes),
    );
  entries.length = 0;
  const answers = await Promise.all([
    send('{"password":"open sesame"}\r\n\r\n'),
    send(`GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`),
  ]);
  for (const [index, status] of [400, 431].entries()) {
    const [head = '', body = ''] = answers[index]?.split('\r\n\r\n') ?? [];
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} .*content-type: application/problem\\+json`, 's'));
    assert.equal(JSON.parse(body).status, status);
  }
  assert.equal(entries.join(''), '');
});
