import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { type AuthHeaders, type TestAuth, withAuth } from '../auth.fixture.ts';

interface Someone {
  readonly id: number;
  readonly login: string;
  readonly role: string;
}
interface AuditEntry {
  readonly action: string;
  readonly by: { readonly login: string } | null;
  readonly to: { readonly login: string } | null;
  readonly details: object;
}

type People = ReturnType<typeof withPeople>;

/** Auth with its admin and Ada, who has just registered. */
function withPeople(open: Open) {
  const auth = withAuth(open);
  let admin: AuthHeaders;
  let ada: Awaited<ReturnType<TestAuth['newcomer']>>;
  before(async () => {
    admin = await auth.signIn('admin', 'password');
    ada = await auth.newcomer('Ada');
  });

  return {
    auth,
    get admin() {
      return admin;
    },
    get ada() {
      return ada;
    },
    give: (id: number, role: string, by = admin) => auth.ask('PUT', `/auth/people/${id}/role`, by, { role }),
    roleOf: async ({ by }: { by: AuthHeaders }) => (await auth.expect<Someone>(200, 'GET', '/auth/me', by)).role,
  };
}

eachDatabase((_kind, open) => {
  const people = withPeople(open);
  roles(people);
  lists(people);
  ownSessions(people);
  auditLog(people);
});

function roles(people: People): void {
  const { give, roleOf } = people;

  test('an admin makes a person an organizer, and the role applies within a second', async () => {
    assert.equal(await roleOf(people.ada), 'person');
    const answer = await give(people.ada.id, 'organizer');
    assert.partialDeepStrictEqual(answer.json(), { id: people.ada.id, login: 'Ada', role: 'organizer' });
    people.auth.pass(1_000);
    assert.equal(await roleOf(people.ada), 'organizer');
  });

  test('only an admin can give roles, list people and read the audit log', async () => {
    const carol = await people.auth.newcomer('Carol');
    const dora = await people.auth.newcomer('Dora');
    await give(dora.id, 'organizer');
    people.auth.pass(1_000);
    for (const { id, by } of [carol, dora]) {
      assert.equal((await give(id, 'admin', by)).statusCode, 403);
      for (const path of ['/auth/people', '/auth/trail']) await people.auth.expect(403, 'GET', path, by);
    }
    assert.equal((await give(carol.id, 'admin', {})).statusCode, 401);
    assert.deepEqual([await roleOf(carol), await roleOf(dora)], ['person', 'organizer']);
  });

  test('no registration and no other body makes an admin', async () => {
    const body = { login: 'Mallory', password: 'a password of hers', email: '', first_name: '', last_name: '' };
    for (const more of [{ role: 'admin' }, { id: 1 }, { user_id: 1 }, { is_admin: true }])
      await people.auth.expect(400, 'POST', '/register', {}, { ...body, ...more });
    await people.auth.expect(400, 'PUT', `/auth/people/${people.ada.id}/role`, people.admin, {
      role: 'admin',
      user_id: 1,
    });
    for (const role of ['root', '', null, ['admin'], 'Admin'])
      await people.auth.expect(400, 'PUT', `/auth/people/${people.ada.id}/role`, people.admin, { role });
  });

  test('the last admin keeps the role, even when two admins demote each other concurrently', async () => {
    assert.equal((await give(1, 'person')).statusCode, 409);
    const eve = await people.auth.newcomer('Eve');
    assert.equal((await give(eve.id, 'admin')).statusCode, 200);
    people.auth.pass(1_000);
    const both = await Promise.all([give(1, 'person', eve.by), give(eve.id, 'person', people.admin)]);
    const statuses = both.map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [200, 409]);
    const [left] = await people.auth.database.query<{ count: number }>(
      `select count(*)::integer as count from auth.person where role = 'admin'`,
    );
    assert.equal(left?.count, 1);
    // The next tests need `admin` to be an admin again.
    people.auth.pass(1_000);
    if (both[0]?.statusCode === 200) await give(1, 'admin', eve.by);
    people.auth.pass(1_000);
    await give(eve.id, 'person');
  });

  test('the same role again is no change, and an unknown person is 404', async () => {
    const count = async () => (await people.auth.database.query('select from auth.trail')).length;
    await give(people.ada.id, 'organizer');
    const before = await count();
    assert.equal((await give(people.ada.id, 'organizer')).statusCode, 200);
    assert.equal(await count(), before);
    assert.equal((await give(9_999, 'admin')).statusCode, 404);
  });
}

function lists(people: People): void {
  test('people are listed in pages, and found by a part of login, name or email', async () => {
    const logins = async (query: string) =>
      (await people.auth.expect<Someone[]>(200, 'GET', `/auth/people${query}`, people.admin)).map(({ login }) => login);
    assert.deepEqual((await logins('')).slice(0, 2), ['admin', 'user']);
    assert.deepEqual(await logins('?limit=1&after=1'), ['user']);
    assert.deepEqual(await logins('?q=aDa'), ['Ada']);
    assert.deepEqual(await logins('?q=carol%40example'), ['Carol']);
    assert.deepEqual(await logins('?q=%25'), []);
    assert.deepEqual(await logins('?q=_'), []);
    const page = await people.auth.ask('GET', '/auth/people?limit=1&q=a', people.admin);
    assert.match(String(page.headers.link), /limit=1&q=a&after=1>; rel="next"/);
  });

  test('names are read in batches, in the order of the ids', async () => {
    const names = await people.auth.service.auth.names([people.ada.id, 9_999, 1]);
    const [runner, unknown, first] = names;
    assert.deepEqual(runner, { id: people.ada.id, login: 'Ada', firstName: 'Ada', lastName: 'Runner' });
    assert.equal(unknown, null);
    assert.equal(first?.login, 'admin');
  });
}

function ownSessions(people: People): void {
  test('people see their own sessions only, without ids, the current one first', async () => {
    const gina = await people.auth.newcomer('Gina');
    const agent = `Firefox\x07${'x'.repeat(500)}`;
    await people.auth.server.inject({
      method: 'POST',
      url: '/login',
      headers: { 'user-agent': agent },
      payload: JSON.stringify({ login: 'gina', password: gina.password }),
    });
    const answer = await people.auth.ask('GET', '/auth/sessions', gina.by);
    const [current, other, ...more] = answer.json();
    assert.deepEqual(more, []);
    assert.deepEqual([current.current, other.current], [true, false]);
    assert.equal(other.user_agent, `Firefox ${'x'.repeat(192)}`);
    assert.ok(Date.parse(other.expires_at) > Date.parse(other.last_used_at));
    assert.doesNotMatch(answer.body, /[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
}

function auditLog(people: People): void {
  test('roles, logins, failed logins and logouts are in the audit log; passwords, sessions and unknown logins are not', async () => {
    const frank = await people.auth.newcomer('Frank');
    await people.auth.expect(401, 'POST', '/login', {}, { login: 'Frank', password: 'my secret guess' });
    await people.auth.expect(401, 'POST', '/login', {}, { login: 'hunter2 typed in the wrong field', password: 'x' });
    await people.give(frank.id, 'organizer');
    await people.auth.expect(200, 'POST', '/logout', frank.by);
    const asked = `/auth/trail?user_id=${frank.id}`;
    const entries = await people.auth.expect<AuditEntry[]>(200, 'GET', asked, people.admin);
    assert.deepEqual(
      entries.map(({ action, by, to }) => [action, by?.login, to?.login]),
      [
        ['registered', 'Frank', undefined],
        ['logged_in', 'Frank', undefined],
        ['login_failed', undefined, 'Frank'],
        ['role_changed', 'admin', 'Frank'],
        ['logged_out', 'Frank', undefined],
      ],
    );
    assert.deepEqual(entries[3]?.details, { role: 'organizer', was: 'person' });
    const failed = await people.auth.expect<AuditEntry[]>(
      200,
      'GET',
      '/auth/trail?action=login_failed&order=newest&limit=1',
      people.admin,
    );
    assert.deepEqual(failed[0]?.details, { from: '127.0.0.1' });
    assert.equal(failed[0]?.to, null);
    const all = JSON.stringify(await people.auth.database.query('select t::text as line from auth.trail t'));
    const sessionId = String(Object.values(frank.by)[0]).replace('session_id=', '');
    for (const secret of [frank.password, 'my secret guess', 'hunter2', sessionId]) {
      assert.ok(!all.includes(secret));
      assert.ok(!people.auth.logged.join('').includes(secret));
    }
  });
}
