import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as argon2 from '@node-rs/argon2';
import { pino } from 'pino';
import type { Person } from '../../contracts/auth/calls.ts';
import { createServer, type Server } from '../../platform/http/server.ts';
import { createSessions } from '../../platform/http/sessions.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { withAuth } from '../auth.fixture.ts';
import { tokenHash } from '../credentials.ts';

const secret = 'correct horse battery staple';
const registration = { login: 'Ada', password: secret, email: 'ada@example.org', first_name: 'Ada', last_name: 'L' };
const hourMs = 60 * 60 * 1_000;
const sessionIdForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

type Routes = ReturnType<typeof withRoutes>;

/** Auth's routes, and a registered person, Ada. */
function withRoutes(open: Open) {
  /** The hashes with which passwords were compared. */
  const verified: string[] = [];
  const verify: typeof argon2.verify = (hash, ...given) => {
    verified.push(String(hash));
    return argon2.verify(hash, ...given);
  };
  const auth = withAuth(open, { hashing: { hash: argon2.hash, verify } });
  before(async () => {
    assert.equal((await post('/register', registration)).statusCode, 201);
  });

  const post = (url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    return auth.server.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) });
  };
  const logIn = (login: string, password: string) => post('/login', { login, password });

  return {
    auth,
    verified,
    post,
    logIn,
    async signedIn(login = 'Ada', password = secret): Promise<string> {
      const [cookie] = (await logIn(login, password)).cookies;
      assert.ok(cookie);
      return cookie.value;
    },
    whoIs: (sessionId: string | undefined, headers: Record<string, string> = {}) => {
      const cookie = sessionId && { cookie: `session_id=${sessionId}` };
      return auth.server.inject({ url: '/auth', headers: { ...headers, ...cookie } });
    },
  };
}

async function assertRefused(answering: ReturnType<Routes['post']>, status: number, field?: string) {
  const answer = await answering;
  assert.equal(answer.statusCode, status, answer.body);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(answer.json().field, field, answer.body);
  assert.equal(answer.headers['set-cookie'], undefined);
  return answer;
}

eachDatabase((_kind, open) => {
  const routes = withRoutes(open);
  logins(routes);
  cookies(routes);
  logouts(routes);
  lifetimes(routes);
  registrations(routes);
  identities(routes);
  invalidBodies(routes);
  secrets(routes);
});

function logins(routes: Routes): void {
  const { logIn, post, signedIn, verified, whoIs } = routes;

  test('a login accepts JSON labeled as a form, and the login in any case', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `{"login":"aDA","password":"${secret}"}`;
    assert.equal((await post('/login', body, form)).statusCode, 200);
  });

  test('every login starts a new session, even with a session cookie', async () => {
    const planted = realWorld().uuid();
    const cookie = { cookie: `session_id=${planted}` };
    const [first, second] = [await signedIn(), await signedIn()];
    const third = (await post('/login', { login: 'Ada', password: secret }, cookie)).cookies[0]?.value;
    assert.equal(new Set([planted, first, second, third]).size, 4);
    assert.deepEqual([(await whoIs(first)).statusCode, (await whoIs(planted)).statusCode], [200, 401]);
  });

  test('a wrong password and an unknown login get the same response after the same work', async () => {
    verified.length = 0;
    const wrong = await assertRefused(logIn('Ada', 'wrong'), 401);
    const unknown = await assertRefused(logIn('unknown', 'wrong'), 401);
    assert.equal(unknown.body, wrong.body);
    assert.equal(verified.length, 2);
    const [forWrong = '', forUnknown = ''] = verified;
    assert.deepEqual(argon2.parseOptions(forUnknown), argon2.parseOptions(forWrong));
  });

  test('a login ends the session of its cookie', async () => {
    const [old, other] = [await signedIn(), await signedIn()];
    const cookie = { cookie: `session_id=${old}` };
    assert.equal((await whoIs(old)).statusCode, 200);
    assert.equal((await post('/login', { login: 'Ada', password: 'wrong' }, cookie)).statusCode, 401);
    assert.equal((await whoIs(old)).statusCode, 200, 'a failed login ends nothing');
    assert.equal((await post('/login', { login: 'Ada', password: secret }, cookie)).statusCode, 200);
    assert.deepEqual([(await whoIs(old)).statusCode, (await whoIs(other)).statusCode], [401, 200]);
  });

  test('the sign-in route explains how to sign in', async () => {
    const answer = await routes.auth.server.inject({ url: '/signin' });
    assert.deepEqual(answer.json(), { message: 'Sign in: POST /login {"login","password"}' });
  });
}

function cookies(routes: Routes): void {
  test('a login sets a cookie for a week that scripts and other sites cannot use', async () => {
    const answer = await routes.logIn('Ada', secret);
    assert.deepEqual([answer.statusCode, answer.body], [200, '{"status":"ok"}']);
    const [, sessionId = '', ...attributes] = String(answer.headers['set-cookie']).split(/^session_id=|; /);
    assert.match(sessionId, sessionIdForm);
    assert.deepEqual(attributes.sort(), ['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax']);
  });

  /** The same routes behind a trusted proxy that speaks HTTPS. */
  function createHttpsServer(): Server {
    const { service } = routes.auth;
    const secure = createServer(pino({ level: 'silent' }));
    secure.addHook('onRequest', async (request) => {
      Object.defineProperty(request, 'protocol', { value: 'https' });
    });
    service.routes(secure, createSessions<Person>(realWorld(), service.auth.resolve));
    return secure;
  }

  test('behind HTTPS the cookie is for HTTPS only', async () => {
    const body = JSON.stringify({ login: 'Ada', password: secret });
    const secure = createHttpsServer();
    const answer = await secure.inject({ method: 'POST', url: '/login', payload: body });
    assert.match(String(answer.headers['set-cookie']), /; Secure/);
    const cleared = await secure.inject({ method: 'POST', url: '/logout' });
    assert.match(String(cleared.headers['set-cookie']), /; Secure/);
  });
}

function logouts(routes: Routes): void {
  const { post, signedIn, whoIs } = routes;

  test('a logout ends the session at once, for good, and clears the cookie', async () => {
    const sessionId = await signedIn();
    assert.equal((await whoIs(sessionId)).statusCode, 200);
    const answer = await post('/logout', undefined, { cookie: `session_id=${sessionId}` });
    assert.deepEqual([answer.statusCode, answer.body], [200, '{"status":"ok"}']);
    const [cleared] = answer.cookies;
    assert.deepEqual([cleared?.name, cleared?.value, cleared?.path, cleared?.maxAge], ['session_id', '', '/', 0]);
    await assertRefused(whoIs(sessionId), 401);
    assert.deepEqual(
      await routes.auth.database.query('select from auth.session where token_hash = $1', [tokenHash(sessionId)]),
      [],
    );
  });

  test('a logout without a session succeeds', async () => {
    for (const cookie of ['', 'session_id=', 'session_id=junk', `session_id=${realWorld().uuid()}`])
      assert.equal((await post('/logout', undefined, { cookie })).body, '{"status":"ok"}', cookie);
    assert.equal((await post('/logout', '{}')).statusCode, 200);
  });

  test('a logout everywhere ends all sessions of the person, and no others', async () => {
    const [one, two, admin] = [await signedIn(), await signedIn(), await signedIn('admin', 'password')];
    const cookie = { cookie: `session_id=${one}` };
    await assertRefused(post('/logout?all=1', undefined, cookie), 400, 'all');
    assert.equal((await post('/logout?all=true', undefined, cookie)).statusCode, 200);
    assert.deepEqual([(await whoIs(one)).statusCode, (await whoIs(two)).statusCode], [401, 401]);
    assert.equal((await whoIs(admin)).statusCode, 200);
  });
}

function lifetimes(routes: Routes): void {
  const { signedIn, whoIs } = routes;

  /** Waits until the stored last use of a session is at least this many hours after its login. */
  async function noted(sessionId: string, hours: number): Promise<void> {
    const use = `select from auth.session
                  where token_hash = $1 and last_used_at >= created_at + make_interval(hours => $2)`;
    // A monotonic clock, because the wall clock may be changed while this function waits.
    const endMs = performance.now() + 5_000;
    while ((await routes.auth.database.query(use, [tokenHash(sessionId), hours])).length === 0) {
      assert.ok(performance.now() < endMs, 'the use was not stored');
      await sleep(5);
    }
  }

  test('a session that is used ends a week after its login', async () => {
    const sessionId = await signedIn();
    for (const hours of [20, 40, 60, 80, 100, 120, 140, 160]) {
      routes.auth.pass(20 * hourMs);
      assert.equal((await whoIs(sessionId)).statusCode, 200, `after ${hours} hours`);
      await noted(sessionId, hours - 1);
    }
    routes.auth.pass(8 * hourMs);
    await assertRefused(whoIs(sessionId), 401);
    await signedIn();
    const expired = await routes.auth.database.query('select from auth.session where token_hash = $1', [
      tokenHash(sessionId),
    ]);
    assert.deepEqual(expired, [], 'a login deletes sessions that have expired');
  });

  test('an unused session ends after a day', async () => {
    const sessionId = await signedIn();
    routes.auth.pass(24 * hourMs);
    await assertRefused(whoIs(sessionId), 401);
  });
}

function registrations(routes: Routes): void {
  const { post, signedIn, whoIs } = routes;

  test('a registration returns the id, and the new person can sign in', async () => {
    const [last] = await routes.auth.database.query<{ id: number }>('select max(id) as id from auth.person');
    for (const login of ['Ada', 'ADA', 'ａｄａ'])
      await assertRefused(post('/register', { ...registration, login }), 409, 'login');
    const answer = await post('/register', { ...registration, login: 'Bob', password: 'другой пароль' });
    assert.deepEqual([answer.statusCode, answer.body], [201, `{"id":${(last?.id ?? 0) + 1}}`]);
    const headers = (await whoIs(await signedIn('bob', 'другой пароль'))).headers;
    assert.deepEqual([headers['x-user-login'], headers['x-user-role']], ['Bob', 'person']);
  });

  test('of many concurrent registrations of one login, one succeeds', async () => {
    const logins = ['Carol', 'carol', 'CAROL', 'cArol', 'carol', 'caroL', 'Carol', 'carol'];
    const answers = await Promise.all(logins.map((login) => post('/register', { ...registration, login })));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [201, ...Array.from({ length: 7 }, () => 409)]);
    assert.equal((await routes.auth.database.query(`select from auth.person where login_key = 'carol'`)).length, 1);
  });
}

function identities({ post, signedIn, whoIs }: Routes): void {
  test('a gateway gets the person in headers that can carry any text', async () => {
    const names = { first_name: 'Ёлка "★" 🎟', last_name: 'a%0d%0a: ü' };
    const person = { ...registration, ...names, login: '日本 語', email: 'ё@пример.рф' };
    const { id } = (await post('/register', person)).json();
    const answer = await whoIs(await signedIn('日本 語'));
    assert.deepEqual([answer.statusCode, answer.body], [200, '{"status":"ok"}']);
    const header = (name: string) => decodeURIComponent(String(answer.headers[`x-user-${name}`]));
    assert.deepEqual(['id', 'role', 'login', 'email', 'first-name', 'last-name'].map(header), [
      String(id),
      'person',
      person.login,
      person.email,
      person.first_name,
      person.last_name,
    ]);
    for (const [name, value] of Object.entries(answer.headers)) assert.match(`${name}: ${value}`, /^[\x20-\x7e]+$/);
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  test('a header that names a person is ignored', async () => {
    const claims = { 'x-user-id': '1', 'x-user-role': 'admin', 'x-user-login': 'admin' };
    await assertRefused(whoIs(undefined, claims), 401);
    await assertRefused(whoIs(realWorld().uuid(), claims), 401);
    const { headers } = await whoIs(await signedIn(), claims);
    assert.deepEqual([headers['x-user-login'], headers['x-user-role']], ['Ada', 'person']);
  });
}

function invalidBodies(routes: Routes): void {
  test('an invalid body is 400, names the field, and changes nothing', async () => {
    const count = async () => (await routes.auth.database.query('select from auth.person')).length;
    const people = await count();
    const { login, password, ...rest } = registration;
    await assertRefused(routes.post('/login', { login }), 400, 'password');
    await assertRefused(routes.post('/login', { login, password, remember: true }), 400, 'remember');
    for (const wrong of [1, null, true, [], ['Ada'], {}, '', 'a\0b', 'a\nb', '\ud800', 'x'.repeat(101)]) {
      await assertRefused(routes.post('/login', { login: wrong, password }), 400, 'login');
      await assertRefused(routes.post('/register', { login: wrong, password, ...rest }), 400, 'login');
    }
    for (const wrong of [1, null, true, [], {}, '', 'a\udc00', 'x'.repeat(201)]) {
      await assertRefused(routes.post('/login', { login, password: wrong }), 400, 'password');
      await assertRefused(routes.post('/register', { login: 'Eve', password: wrong, ...rest }), 400, 'password');
    }
    for (const field of ['email', 'first_name', 'last_name']) {
      for (const wrong of [1, null, [], 'a\0b', '\udfff', 'x'.repeat(300)])
        await assertRefused(routes.post('/register', { ...registration, login: 'Eve', [field]: wrong }), 400, field);
      await assertRefused(routes.post('/register', { ...registration, login: 'Eve', [field]: undefined }), 400, field);
    }
    await assertRefused(routes.post('/register', { ...registration, login: 'Eve', role: 'admin' }), 400, 'role');
    for (const body of [undefined, '', '[]', 'null', '"x"', '{"login":', [registration]])
      for (const url of ['/login', '/register']) await assertRefused(routes.post(url, body), 400);
    assert.equal(await count(), people);
  });
}

function secrets(routes: Routes): void {
  const { logIn, post, signedIn } = routes;

  test('a session is stored as a hash only', async () => {
    const sessionId = await signedIn();
    const stored = JSON.stringify(
      await routes.auth.database.query('select session::text as line from auth.session session'),
    );
    assert.match(stored, new RegExp(tokenHash(sessionId).toString('hex')));
    assert.doesNotMatch(stored, new RegExp(`${sessionId}|${Buffer.from(sessionId).toString('hex')}`));
  });

  test('no password, session or hash is logged, not even when the database fails', async () => {
    const sessionId = await signedIn();
    await routes.auth.database.query('alter table auth.session rename to away');
    try {
      await assertRefused(logIn('Ada', secret), 500);
      await assertRefused(post('/logout', undefined, { cookie: `session_id=${sessionId}` }), 500);
    } finally {
      await routes.auth.database.query('alter table auth.away rename to session');
    }
    const log = routes.auth.logged.join('');
    assert.match(log, /auth\.session/);
    for (const hidden of [secret, sessionId, 'argon2', tokenHash(sessionId).toString('hex')])
      assert.ok(!log.includes(hidden), `${hidden} is in the log`);
  });
}
