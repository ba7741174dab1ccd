import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTypes, writeTypes } from '../../programs/client/main.ts';
import { writeDocument } from '../document.ts';
import { createClient, must, Refused } from './client.ts';
import { rememberCookies } from './node.ts';

describe('the types of the client', () => {
  test('match the OpenAPI document', async () => {
    assert.ok(readTypes() === (await writeTypes()), 'the routes have changed: run npm run client');
  });

  test('change with the document', async () => {
    const document = structuredClone(writeDocument()) as { paths: Record<string, unknown> };
    delete document.paths['/book/cancel'];
    assert.notEqual(readTypes(), await writeTypes(document));
  });
});

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  createClient({
    address: 'http://startlist',
    fetch: async () => new Response(JSON.stringify(body), { status, headers }),
  });

describe('must()', () => {
  test('returns the body of a successful response', async () => {
    assert.deepEqual(await must(answering(200, { balance: 5 }).GET('/account/get')), { balance: 5 });
  });

  test('throws the problem and the retry delay of an error response', async () => {
    const problem = { type: 'urn:startlist:problem:unavailable', title: 'Away', status: 503, detail: 'Ask again.' };
    const refused = must(answering(503, problem, { 'retry-after': '2' }).GET('/account/get'));
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Refused);
      const { status, message, retryAfterS } = error;
      assert.deepEqual([status, message, retryAfterS, error.problem], [503, 'Ask again.', 2, problem]);
      return true;
    });
  });

  test('throws when another server than Startlist responds', async () => {
    await assert.rejects(must(answering(502, '<html>').GET('/account/get')), { status: 502, problem: undefined });
  });
});

test('an API token is sent as a bearer token', async () => {
  let sent: string | null = null;
  const startlist = createClient({
    address: 'http://startlist',
    token: 'slt_1',
    fetch: async ({ headers }) => {
      sent = headers.get('authorization');
      return Response.json({ balance: 0 });
    },
  });
  await must(startlist.GET('/account/get'));
  assert.equal(sent, 'Bearer slt_1');
});

test('a cookie is sent from the next request on, until it expires', async () => {
  const set = [
    'a=1; Path=/; HttpOnly',
    'a=2',
    'a=; Max-Age=0; Path=/',
    'a=3',
    'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  ];
  const sent: (string | null)[] = [];
  const send = rememberCookies(async ({ headers }) => {
    const cookie = set[sent.length];
    sent.push(headers.get('cookie'));
    return new Response(null, cookie === undefined ? {} : { headers: { 'set-cookie': cookie } });
  });
  for (let time = 0; time < 6; time += 1) await send(new Request('http://startlist'));
  assert.deepEqual(sent, [null, 'a=1', 'a=2', null, 'a=3', null]);
});
