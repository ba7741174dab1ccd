import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { withRefusals } from '../support/refusals.ts';
import { largest, listRoutes, routes } from '../support/routes.ts';
import { book, createEvent, createPeople, expect, type Person, signIn, signInAdmin } from '../support/system.ts';

const words = (text: string) => text.trim().split(/\s+/);

/** Texts that are not valid as an id or a page number: with signs, fractions or other digits, too large, or words. */
const noNumbers = words(`
  -1 -9007199254740993 9007199254740992 99999999999999999999 1.5 1e1 1e400 0x1 01 +1 1, 1'-- %00 1%00 %201 %D9%A1
  abc null NaN Infinity __proto__`);

eachDatabase((_kind, open) => {
  const watched = withWatched(open);
  addresses(watched);
  strangers(watched);
});

type Watched = ReturnType<typeof withWatched>;

/** A Startlist with an event that another person has booked. */
function withWatched(open: Open) {
  let admin: Person;
  let user: Person;
  const refusals = withRefusals(open, async ({ client }) => {
    admin = await signInAdmin(client);
    user = await signIn(client, 'user', 'userpassword');
    const [other] = (await createPeople(client, 1, 100)) as [Person];
    await createEvent(client, admin, { price: 5, slots: 10 });
    await expect(201, book(client, other, 1));
  });
  return { ...refusals, admin: () => admin, user: () => user };
}

/** Addresses, methods, ids and page numbers that do not exist. */
function addresses({ system, admin, refused, changesNothing }: Watched): void {
  test('every registered route is covered by these tests', () => {
    const anyId = (address: string) => address.replaceAll(/\/(:\w+|\d+)(?=\/|$)/g, '/:id');
    const asked = routes.map(({ method, path }) => anyId(`${method} ${path}`));
    assert.deepEqual(listRoutes(system.startlist.server).map(anyId).sort(), asked.sort());
  });

  test('an unknown path is 404', () =>
    changesNothing(async () => {
      const paths = words(`
        /nothing /events /events/ /events/get/1/ /events/get/1/2 // //events/get /Events/get /events%2fget
        /internal/occupy /book/create/1 /account/get/1 /%2e%2e/etc/passwd /health/.. /* /__proto__ /constructor
        /%00 /%F0%9F%8F%83 /<script>alert(1)</script>`);
      for (const path of paths) {
        for (const method of ['GET', 'POST', 'DELETE']) await refused(404, method, path, { cookie: admin().cookie });
      }
    }));

  test('an address with broken escapes is 400, one that is too long 414', () =>
    changesNothing(async () => {
      const paths = words('/% /%zz /events/get/% /events/get/%ff /events/get/%C0%80 /book/get/%E0%A4%A');
      for (const path of paths) await refused(400, 'GET', path, { cookie: admin().cookie });
      await refused(414, 'GET', `/events/get/${'1'.repeat(1_000)}`);
    }));

  test('a wrong method is 405, and the answer lists the allowed ones', () =>
    changesNothing(async () => {
      for (const { path } of routes) {
        // The path `/events/create` also matches the route `/events/:id`, so it accepts the methods of both routes.
        const isAt = (route: string) => new RegExp(`^${route.replace('/1', '/[^/]+')}$`).test(path);
        const taken = routes.filter((route) => isAt(route.path)).map(({ method }) => method);
        for (const method of words('GET POST PUT DELETE PATCH PROPFIND').filter((each) => !taken.includes(each))) {
          const { headers } = await refused(405, method, path, { cookie: admin().cookie, body: {} });
          for (const each of taken) assert.match(String(headers.allow), new RegExp(`\\b${each}\\b`));
        }
      }
    }));

  test('an invalid id is 400, an unknown id 404', () =>
    changesNothing(async () => {
      const { cookie } = admin();
      for (const collection of ['/events/get', '/book/get']) {
        for (const id of ['', '0', ...noNumbers]) await refused(400, 'GET', `${collection}/${id}`, { cookie }, 'id');
        for (const id of [77, largest]) await refused(404, 'GET', `${collection}/${id}`, { cookie });
      }
    }));

  test('an invalid page number is 400, and the answer says why', () =>
    changesNothing(async () => {
      const { cookie } = admin();
      const lists = { '/events/get': ['limit', 'after'], '/book/get': ['limit', 'after', 'user_id'] };
      for (const [list, fields] of Object.entries(lists)) {
        for (const field of fields) {
          const values = ['', `1&${field}=2`, ...(field === 'after' ? [] : ['0']), ...noNumbers];
          for (const value of values) await refused(400, 'GET', `${list}?${field}=${value}`, { cookie }, field);
        }
        await refused(400, 'GET', `${list}?limit=1001`, { cookie }, 'limit');
        for (const key of words('offset __proto__ constructor limit[] limit%00 %zz')) {
          await refused(400, 'GET', `${list}?${key}=1`, { cookie });
        }
      }
    }));

  test('a page beyond the last is empty', async () => {
    const { client } = system;
    for (const path of [`/events/get?after=${largest}`, `/book/get?after=${largest}`, '/book/get?user_id=77']) {
      assert.deepEqual((await client.ask('GET', path, { cookie: admin().cookie })).json, []);
    }
  });
}

/** Requests without a valid session, and requests for what belongs to another person. */
function strangers({ system, user, refused, changesNothing }: Watched): void {
  test('without a session a request is 401, even when a cookie or header names a person', () =>
    changesNothing(async () => {
      const noCookies = [
        ...[
          '',
          'session_id=',
          'session_id=1',
          'session_id=00000000-0000-4000-8000-000000000000',
          "session_id=' or 1=1",
        ],
        ...['session_id=%00', 'session_id=%zz', 'session_id=__proto__', `session_id=${'a'.repeat(8_000)}`],
        ...['session=1; ;;;=; =x; session_id', user().cookie.slice(0, -1), user().cookie.toUpperCase()],
        // The same UUID in another case is a different text with a different hash.
        user().cookie.toUpperCase().replace('SESSION_ID', 'session_id'),
      ];
      const headers = { 'x-user-id': '1', 'x-user-role': 'admin', authorization: 'Bearer 1' };
      for (const { method, path, body } of routes.filter(({ by }) => by !== 'anybody')) {
        const call = body === undefined ? { headers } : { headers, body };
        await refused(401, method, path, call);
        for (const cookie of noCookies) await refused(401, method, path, { ...call, cookie });
      }
    }));

  test('neither a wrong password nor SQL signs a person in', () =>
    changesNothing(async () => {
      for (const login of ['admin', "admin' --", "' or '1'='1", 'nobody', 'admin\\', '<script>', '%', 'a"b']) {
        for (const password of ['x', "' or '1'='1", '\u0000']) {
          const { headers } = await refused(401, 'POST', '/login', { body: { login, password } });
          assert.equal(headers['set-cookie'], undefined);
        }
      }
    }));

  test('canceling an unknown event is 404, and canceling another person’s event 403', () =>
    changesNothing(async () => {
      const { cookie } = user();
      for (const id of [1, 77, largest])
        await refused(404, 'POST', '/book/cancel', { cookie, body: { booking_id: id } });
      for (const id of [77, largest]) await refused(404, 'POST', '/events/cancel', { cookie, body: { event_id: id } });
      await refused(403, 'POST', '/events/cancel', { cookie, body: { event_id: 1 } });
    }));

  test('no header grants the admin role or shows another person’s bookings', () =>
    changesNothing(async () => {
      const forged = { cookie: user().cookie, headers: { 'x-user-id': '1', 'x-user-role': 'admin' } };
      const body = { event_name: 'mine', price: 0, total_slots: 1 };
      await refused(403, 'POST', '/events/create', { ...forged, body });
      await refused(403, 'GET', '/book/get?user_id=1', forged);
      const others = await refused(404, 'GET', '/book/get/1', forged);
      const nobodys = await refused(404, 'GET', '/book/get/77', forged);
      assert.equal(others.text.replaceAll('1', '77'), nobodys.text);

      const { client } = system;
      assert.deepEqual((await client.ask('GET', '/book/get', forged)).json, []);
      const { headers } = await client.ask('GET', '/auth', forged);
      assert.deepEqual([headers['x-user-id'], headers['x-user-role']], [String(user().id), 'person']);
    }));
}
