import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { OutcomeUnknown, Unauthenticated, Unavailable } from './errors.ts';
import { createSessions } from './session.ts';
import { realWorld } from './world.ts';

interface Person {
  readonly name: string;
}
const [ada, bob, nobody] = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [string, string, string];

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

test('a cookie stands for a person, and a cookie that nobody knows for nobody', async () => {
  assert.deepEqual(await sessions.of(request(ada)), { name: 'Ada' });
  assert.equal(await sessions.of(request(nobody)), undefined);
  await assert.rejects(sessions.require(request(nobody)), Unauthenticated);
});

test('without a cookie, or with one that is no session id, nobody is asked', async () => {
  for (const cookie of [undefined, '', 'x', ada.slice(1), `${ada}\n`, ada.replaceAll('-', ''), `${ada};`])
    assert.equal(await sessions.of(request(cookie)), undefined);
  await assert.rejects(sessions.require(request()), Unauthenticated);
  assert.deepEqual(asked, []);
});

test('a header that names a person is not believed', async () => {
  assert.equal(await sessions.of(request(undefined, { 'x-user-id': '1', authorization: ada })), undefined);
});

test('requests that come together are asked about as one set, each session once', async () => {
  const answers = await Promise.all([ada, bob, ada, nobody].map((id) => sessions.of(request(id))));
  assert.deepEqual(answers, [{ name: 'Ada' }, { name: 'Bob' }, { name: 'Ada' }, undefined]);
  assert.deepEqual(asked, [[ada, bob, nobody]]);
});

test('an answer is believed for a second, and no longer', async () => {
  await sessions.of(request(ada));
  people.delete(ada);
  nowMs = 999;
  assert.deepEqual(await sessions.of(request(ada)), { name: 'Ada' });
  nowMs = 1_000;
  assert.equal(await sessions.of(request(ada)), undefined);
  assert.equal(asked.length, 2);
});

test('a session that ended here is forgotten at once', async () => {
  await sessions.of(request(ada));
  people.delete(ada);
  sessions.forget(ada);
  assert.equal(await sessions.of(request(ada)), undefined);
});

test('an answer that was under way when its session ended is not remembered', async () => {
  const early = sessions.of(request(ada));
  people.delete(ada);
  sessions.forget(ada);
  await early;
  assert.equal(await sessions.of(request(ada)), undefined);
});

test('a failure to answer is passed on, and is not remembered', async () => {
  let isAway = true;
  const shaky = createSessions<Person>(realWorld(), async (set) => {
    if (isAway) throw new Unavailable('auth is away');
    return set.map(() => ({ name: 'Ada' }));
  });
  await assert.rejects(shaky.require(request(ada)), Unavailable);
  isAway = false;
  assert.deepEqual(await shaky.require(request(ada)), { name: 'Ada' });
});

test('a connection that broke while a session was looked up has stored nothing: the failure is no unknown outcome', async () => {
  const broken = createSessions<Person>(realWorld(), async () => {
    throw new OutcomeUnknown('the connection broke');
  });
  await assert.rejects(broken.require(request(ada)), (error) => {
    return error instanceof Unavailable && !(error instanceof OutcomeUnknown);
  });
});
