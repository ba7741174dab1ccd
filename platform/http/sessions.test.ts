import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { Forbidden, Unauthenticated, Unavailable } from '../errors.ts';
import { realWorld } from '../world.ts';
import { anyScope, createSessions } from './sessions.ts';

interface Person {
  readonly name: string;
  readonly scopes?: readonly ('read' | 'write')[];
}
const [ada, bob, unknown] = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [string, string, string];

let nowMs: number;
let asked: (readonly string[])[];
let people: Map<string, Person>;
let sessions: ReturnType<typeof createSessions<Person>>;
beforeEach(() => {
  nowMs = 0;
  asked = [];
  people = new Map([
    [ada, { name: 'Ada' }],
    [bob, { name: 'Bob' }],
  ]);
  const world = { ...realWorld(), now: () => nowMs };
  sessions = createSessions<Person>(world, async (set) => {
    asked.push(set);
    return set.map((id) => people.get(id) ?? null);
  });
});

const request = (sessionId?: string, headers = {}) =>
  ({ cookies: sessionId === undefined ? {} : { session_id: sessionId }, headers }) as unknown as FastifyRequest;

test('a session cookie is resolved to its person; an unknown one is refused', async () => {
  assert.deepEqual(await sessions.of(request(ada)), { name: 'Ada' });
  assert.equal(await sessions.of(request(unknown)), undefined);
  await assert.rejects(sessions.require(request(unknown)), Unauthenticated);
});

test('a missing or malformed cookie is refused without a query', async () => {
  for (const cookie of [undefined, '', 'x', ada.slice(1), `${ada}\n`, ada.replaceAll('-', ''), `${ada};`])
    assert.equal(await sessions.of(request(cookie)), undefined);
  await assert.rejects(sessions.require(request()), Unauthenticated);
  assert.deepEqual(asked, []);
});

test('a header that names a person is ignored', async () => {
  assert.equal(await sessions.of(request(undefined, { 'x-user-id': '1', authorization: ada })), undefined);
});

const token = `slt_${'a'.repeat(32)}`;
const bearing = (authorization: string, sessionId?: string) => request(sessionId, { authorization });

test('an API token is accepted within its scopes, and the refusal names the missing scope', async () => {
  people.set(token, { name: 'Ada', scopes: ['read'] });
  const asking = bearing(`Bearer ${token}`);
  assert.equal((await sessions.require(asking, 'read')).name, 'Ada');
  assert.equal((await sessions.require(asking, anyScope)).name, 'Ada');
  await assert.rejects(sessions.require(asking, 'write'), /^Forbidden: This token does not have the scope write\.$/);
  await assert.rejects(sessions.of(asking, 'write'), Forbidden);
});

test('the scope defaults to the one in the route’s definition', async () => {
  people.set(token, { name: 'Ada', scopes: ['read'] });
  const at = (scope: string) => ({ ...bearing(`Bearer ${token}`), routeOptions: { config: { route: { scope } } } });
  assert.equal((await sessions.require(at('read') as FastifyRequest)).name, 'Ada');
  await assert.rejects(sessions.require(at('write') as FastifyRequest), /the scope write/);
});

test('a route without a scope accepts no token', async () => {
  people.set(token, { name: 'Ada', scopes: ['read', 'write'] });
  await assert.rejects(
    sessions.require(bearing(`Bearer ${token}`)),
    /^Forbidden: This route does not accept API tokens/,
  );
});

test('a session may do what any scope allows', async () => {
  for (const scope of [undefined, 'read', 'write', anyScope] as const)
    assert.deepEqual(await sessions.require(request(ada), scope), { name: 'Ada' });
});

test('a token takes precedence over a cookie; a malformed one is refused without a query', async () => {
  people.set(token, { name: 'Bob', scopes: ['read'] });
  assert.equal((await sessions.of(bearing(`bearer ${token}`, ada), 'read'))?.name, 'Bob');
  asked = [];
  for (const wrong of ['', 'x', ada, token.slice(1), `${token}a`, `${token} `, token.toUpperCase()])
    await assert.rejects(sessions.require(bearing(`Bearer ${wrong}`, ada), 'read'), /^Unauthenticated: This token is/);
  assert.deepEqual(asked, []);
  assert.equal((await sessions.of(bearing('Basic YWRhOmFkYQ==', ada), 'read'))?.name, 'Ada');
});

test('a token in a cookie is ignored', async () => {
  people.set(token, { name: 'Ada', scopes: ['read'] });
  assert.equal(await sessions.of(request(token), 'read'), undefined);
});

test('concurrent requests are resolved in one batch, each session once', async () => {
  const answers = await Promise.all([ada, bob, ada, unknown].map((id) => sessions.of(request(id))));
  assert.deepEqual(answers, [{ name: 'Ada' }, { name: 'Bob' }, { name: 'Ada' }, undefined]);
  assert.deepEqual(asked, [[ada, bob, unknown]]);
});

test('a resolved person is cached for one second', async () => {
  await sessions.of(request(ada));
  people.delete(ada);
  nowMs = 999;
  assert.deepEqual(await sessions.of(request(ada)), { name: 'Ada' });
  nowMs = 1_000;
  assert.equal(await sessions.of(request(ada)), undefined);
  assert.equal(asked.length, 2);
});

test('a session that ended in this process is forgotten at once', async () => {
  await sessions.of(request(ada));
  people.delete(ada);
  sessions.forget(ada);
  assert.equal(await sessions.of(request(ada)), undefined);
});

test('a look-up that was under way when its session ended is not cached', async () => {
  const early = sessions.of(request(ada));
  people.delete(ada);
  sessions.forget(ada);
  await early;
  assert.equal(await sessions.of(request(ada)), undefined);
});

test('a failed look-up is passed on and not cached', async () => {
  let isAway = true;
  const shaky = createSessions<Person>(realWorld(), async (set) => {
    if (isAway) throw new Unavailable('auth is unavailable');
    return set.map(() => ({ name: 'Ada' }));
  });
  await assert.rejects(shaky.require(request(ada)), Unavailable);
  isAway = false;
  assert.deepEqual(await shaky.require(request(ada)), { name: 'Ada' });
});
