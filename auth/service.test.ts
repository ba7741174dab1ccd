import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { pino } from 'pino';
import type { Person } from '../contracts/auth/calls.ts';
import { WrongConfiguration } from '../platform/config.ts';
import type { Database } from '../platform/database/database.ts';
import { createServer, type Server } from '../platform/http/server.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { realWorld } from '../platform/world.ts';
import { eachDatabase, type Open } from '../test/support/databases/databases.ts';
import { type AuthOptions, type AuthService, createAuth } from './service.ts';

const world = realWorld();

type Starts = ReturnType<typeof withStarts>;

/** Starts auth on one database, as often as a test asks. The database is empty before each test. */
function withStarts(open: Open) {
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (entry: string) => void warnings.push(entry) });
  let database: Database;
  before(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.query('drop schema if exists auth cascade');
    warnings.length = 0;
  });

  function serve(service: AuthService): Server {
    const server = createServer(log);
    service.routes(server, createSessions<Person>(world, service.auth.resolve));
    return server;
  }

  /** Signs in through the routes. @returns the session id, or undefined if the login is refused. */
  async function logIn(service: AuthService, login: string, password: string): Promise<string | undefined> {
    const answer = await serve(service).inject({ method: 'POST', url: '/login', payload: { login, password } });
    assert.ok([200, 401].includes(answer.statusCode), answer.body);
    return answer.cookies[0]?.value;
  }

  return {
    warnings,
    serve,
    logIn,
    start: (options: Pick<AuthOptions, 'demo' | 'adminPassword'>) => createAuth({ database, world, log, ...options }),
    query: (text: string) => database.query(text),
    people: () => database.query('select id, login, role from auth.person order by id'),
    opens: async (...login: Parameters<typeof logIn>) => (await logIn(...login)) !== undefined,
  };
}

eachDatabase((_kind, open) => {
  const starts = withStarts(open);
  demoStarts(starts);
  adminPasswords(starts);
  formerDemos(starts);
});

function demoStarts({ start, people, logIn, opens }: Starts): void {
  test('with the demo, its people exist and can sign in', async () => {
    const service = await start({ demo: true });
    assert.deepEqual(await people(), [
      { id: 1, login: 'admin', role: 'admin' },
      { id: 2, login: 'user', role: 'person' },
    ]);
    assert.ok(await opens(service, 'admin', 'password'));
    assert.ok(await opens(service, 'user', 'userpassword'));
  });

  test('sessions are resolved in batches, each to its person', async () => {
    const service = await start({ demo: true });
    const [admin = '', user = ''] = [
      await logIn(service, 'admin', 'password'),
      await logIn(service, 'user', 'userpassword'),
    ];
    const resolved = await service.auth.resolve([user, world.uuid(), admin]);
    const unsaid = { email: '', firstName: '', lastName: '' };
    assert.deepEqual(resolved, [
      { id: 2, login: 'user', role: 'person', ...unsaid },
      null,
      { id: 1, login: 'admin', role: 'admin', ...unsaid },
    ]);
  });

  test('a second start changes nothing', async () => {
    const before = await start({ demo: true });
    const sessionId = (await logIn(before, 'user', 'userpassword')) ?? '';
    const service = await start({ demo: true });
    assert.equal((await people()).length, 2);
    assert.equal((await service.auth.resolve([sessionId]))[0]?.login, 'user');
  });

  test('of services that start concurrently on an empty database, one adds the first people', async () => {
    await Promise.all(Array.from({ length: 4 }, () => start({ demo: true })));
    const ids = (await people()).map((person) => (person as Person).id);
    assert.deepEqual(ids, [1, 2]);
  });
}

function adminPasswords({ start, people, opens, warnings }: Starts): void {
  test('without the demo there is one admin, with the configured password', async () => {
    const service = await start({ demo: false, adminPassword: 'well chosen' });
    assert.deepEqual(await people(), [{ id: 1, login: 'admin', role: 'admin' }]);
    assert.ok(await opens(service, 'admin', 'well chosen'));
    assert.ok(!(await opens(service, 'admin', 'password')));
    const again = await start({ demo: false });
    assert.ok(await opens(again, 'admin', 'well chosen'), 'only the first start needs the password');
    assert.deepEqual(warnings, []);
  });

  test('without the demo and without ADMIN_PASSWORD, the service does not start on an empty database', async () => {
    await assert.rejects(start({ demo: false }), (error) => {
      assert.ok(error instanceof WrongConfiguration);
      assert.match(error.message, /^ADMIN_PASSWORD: is required [^\n]+$/);
      return true;
    });
    assert.deepEqual(await people(), []);
  });

  test('a weak ADMIN_PASSWORD is refused', async () => {
    for (const adminPassword of ['', 'x'.repeat(201), '\ud800', 'password', 'userpassword'])
      await assert.rejects(start({ demo: false, adminPassword }), WrongConfiguration, adminPassword);
  });

  test('a weak ADMIN_PASSWORD is ignored with a warning once the admin exists', async () => {
    await start({ demo: false, adminPassword: 'well chosen' });
    await start({ demo: false, adminPassword: 'short' });
    assert.match(warnings.join(''), /ADMIN_PASSWORD is not the password of admin and was ignored/);
  });
}

/** Starts without the demo on a database that was created with it. */
function formerDemos({ start, serve, people, logIn, opens, warnings, query }: Starts): void {
  test('a demo database opened without the demo: the published passwords and their sessions no longer work', async () => {
    const demo = await start({ demo: true });
    const sessionIds = [await logIn(demo, 'admin', 'password'), await logIn(demo, 'user', 'userpassword')];
    const service = await start({ demo: false, adminPassword: 'well chosen' });
    assert.ok(!(await opens(service, 'admin', 'password')));
    assert.ok(!(await opens(service, 'user', 'userpassword')));
    assert.ok(await opens(service, 'admin', 'well chosen'));
    assert.deepEqual(await service.auth.resolve(sessionIds.map(String)), [null, null]);
    assert.equal((await people()).length, 2);
    assert.equal(warnings.length, 2);
    assert.doesNotMatch(warnings.join(''), /well chosen|userpassword|argon2/);

    warnings.length = 0;
    await start({ demo: false });
    assert.deepEqual(warnings, [], 'the demo passwords are disabled once');
  });

  test('a demo database opened without the demo: tokens created with the published passwords no longer work', async () => {
    const demo = await start({ demo: true });
    const server = serve(demo);
    const cookies = { session_id: String(await logIn(demo, 'admin', 'password')) };
    const made = await server.inject({
      method: 'POST',
      url: '/auth/tokens',
      cookies,
      payload: { name: 'kept', scopes: ['events:write'] },
    });
    const issued = await server.inject({ method: 'POST', url: '/auth/people/1/reset', cookies });
    assert.deepEqual([made.statusCode, issued.statusCode], [201, 201]);
    const service = await start({ demo: false, adminPassword: 'well chosen' });
    assert.deepEqual(await service.auth.resolve([made.json().token]), [null]);
    const payload = { token: issued.json().token, new_password: 'an intruder’s choice' };
    assert.equal((await server.inject({ method: 'POST', url: '/auth/reset', payload })).statusCode, 400);
  });

  test('a demo database does not open without the demo and without ADMIN_PASSWORD', async () => {
    await start({ demo: true });
    await assert.rejects(start({ demo: false }), /^WrongConfiguration: ADMIN_PASSWORD/);
  });

  test('people who changed their password since the demo, or registered later, keep it', async () => {
    const demo = await start({ demo: true });
    const server = serve(demo);
    const names = { email: '', first_name: '', last_name: '' };
    const payload = { login: 'Ada', password: 'a password of hers', ...names };
    assert.equal((await server.inject({ method: 'POST', url: '/register', payload })).statusCode, 201);
    await query(`update auth.person set password_hash = ada.password_hash
                          from  auth.person ada where ada.login = 'Ada' and person.login = 'user'`);
    const service = await start({ demo: false, adminPassword: 'well chosen' });
    assert.ok(await opens(service, 'Ada', 'a password of hers'));
    assert.ok(await opens(service, 'user', 'a password of hers'));
    assert.ok(!(await opens(service, 'user', 'userpassword')));
    assert.equal(warnings.length, 1);
  });
}
