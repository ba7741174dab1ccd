import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { withRefusals } from '../support/refusals.ts';
import { largest, missing, noJson, noObjects, type Route, routes, tooLarge, written } from '../support/routes.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  deposit,
  expect,
  type Person,
  readBalance,
  signIn,
  signInAdmin,
} from '../support/system.ts';

eachDatabase((_kind, open) => {
  const watched = withWatched(open);
  for (const route of routes.filter(({ body }) => body !== undefined)) {
    describe(`${route.method} ${route.path} refuses`, () => bodies(route, watched));
  }
  texts(watched);
  unknownEvents(watched);
  largestAmounts(watched);
});

type Watched = ReturnType<typeof withWatched>;

/** A Startlist with an event that the user has booked. */
function withWatched(open: Open) {
  let admin: Person;
  let user: Person;
  const refusals = withRefusals(open, async ({ client }) => {
    admin = await signInAdmin(client);
    user = await signIn(client, 'user', 'userpassword');
    await deposit(client, user, 100);
    await createEvent(client, admin, { price: 5, slots: 10 });
    await expect(201, book(client, user, 1));
  });
  return { ...refusals, admin: () => admin, user: () => user };
}

function bodies(route: Route, { admin, user, refused, changesNothing }: Watched): void {
  const { method, path, by } = route;
  const ask = (status: number, body?: string | Buffer, field?: string) => {
    const cookie = by === 'anybody' ? {} : { cookie: (by === 'admin' ? admin() : user()).cookie };
    return refused(status, method, path, { ...cookie, ...(body !== undefined && { body }) }, field);
  };

  test('a body that is not JSON, not an object, or missing', () =>
    changesNothing(async () => {
      for (const body of [undefined, '', ...noJson, ...noObjects]) await ask(400, body);
    }));

  test('a body that is too large', () =>
    changesNothing(async () => {
      for (const body of tooLarge) await ask(413, body);
    }));

  test('a wrong or missing field, and names it', () =>
    changesNothing(async () => {
      for (const [field, values] of Object.entries(route.wrong ?? {})) {
        for (const value of [...values, missing] as const) await ask(400, written(route, { [field]: value }), field);
      }
      for (const [field, values] of Object.entries(route.mayLack ?? {})) {
        for (const value of values) await ask(400, written(route, { [field]: value }), field);
      }
    }));

  test('an unknown field', () =>
    changesNothing(async () => {
      const keys = ['id', 'role', 'user_id', 'status', '', ' ', 'toString', 'constructor', 'hasOwnProperty'];
      for (const key of keys.filter((each) => !Object.hasOwn(route.body ?? {}, each))) {
        await ask(400, written(route, { [key]: '1' }));
      }
      for (const key of ['"__proto__":1', '"\\u005f_proto__":{"role":"admin"}', '"constructor":{"prototype":{}}']) {
        await ask(400, `{${key},${written(route).slice(1)}`);
      }
    }));
}

function texts({ system, admin, refused, changesNothing }: Watched): void {
  test('a body that is not JSON is refused even on a route without a body', () =>
    changesNothing(() => refused(400, 'POST', '/logout', { body: '{' })));

  test('the rule for a text is given in words, not as a pattern', async () => {
    const { cookie } = admin();
    const event = { event_name: 'run', price: 0, total_slots: 1 };
    for (const [wrong, detail] of [
      [{ starts_at: 'tomorrow' }, 'starts_at must be a moment with its zone, such as 2026-05-01T19:00:00Z.'],
      [{ event_name: ' \u3000 ' }, /^event_name must be a line of 1 to 200 characters, .* not all of them spaces\.$/],
    ] as const) {
      const answer = await system.client.ask('POST', '/events/create', { cookie, body: { ...event, ...wrong } });
      assert.equal(answer.status, 400);
      assert.match((answer.json as { detail: string }).detail, new RegExp(detail));
    }
    const answer = await system.client.ask('PATCH', '/events/1', { cookie, body: {} });
    assert.equal((answer.json as { detail: string }).detail, 'the body must name at least one field.');
  });

  test('text comes back exactly as it was sent, including SQL and HTML', async () => {
    const [sql, html] = ["'); drop table events.event; --", '<script>alert("1")</script>'];
    for (const [index, name] of [sql, html, 'a\\u0041\\b%s%n$1{}', '🏃👨‍👩‍👧öo\u0308 \ufffd', "O'Brien"].entries()) {
      const id = await createEvent(system.client, admin(), { name, price: 0, slots: 1 });
      assert.partialDeepStrictEqual((await system.client.ask('GET', `/events/get/${id}`)).json, { event_name: name });
      const page = await system.client.ask('GET', `/events/get?after=${id - 1}`);
      assert.deepEqual(page.json, [{ id, event_name: name, price: 0, total_slots: 1 }]);

      const body = { login: `${index}${name}`, password: `the ${name}`, email: name, first_name: name, last_name: '' };
      await expect(201, system.client.ask('POST', '/register', { body }));
      const { cookie } = await signIn(system.client, body.login, body.password);
      const { headers } = await system.client.ask('GET', '/auth', { cookie });
      const fields = ['login', 'email', 'first-name', 'last-name'];
      const kept = fields.map((field) => decodeURIComponent(String(headers[`x-user-${field}`])));
      assert.deepEqual(kept, [body.login, name, name, '']);
    }
  });

  test('a login that is taken, in any letter case, or that looks like one is 409 and names the field', () =>
    changesNothing(async () => {
      for (const login of ['admin', 'ADMIN', 'ａｄｍｉｎ', 'аdmin', 'ᴀᴅᴍɪɴ', 'admın']) {
        const body = { login, password: 'a long one', email: '', first_name: '', last_name: '' };
        await refused(409, 'POST', '/register', { body }, 'login');
      }
    }));
}

function unknownEvents({ system, user }: Watched): void {
  test('an event that does not exist is a refusal, not an error: the booking is canceled with no_such_event', async () => {
    for (const eventId of [77, largest]) {
      const answer = await book(system.client, user(), eventId);
      const { id, ...booking } = bookingIn(answer);
      assert.equal(answer.status, 201);
      assert.deepEqual(booking, { user_id: user().id, event_id: eventId, status: -1, reason: 'no_such_event' });
      const found = await expect<object>(200, system.client.ask('GET', `/book/get/${id}`, { cookie: user().cookie }));
      assert.partialDeepStrictEqual(found, { id, ...booking, state: 'canceled' });
    }
  });
}

function largestAmounts({ system, admin, refused, changesNothing }: Watched): void {
  test('a person can pay 2^53 - 1 in total and not one more, even after spending in between', async () => {
    const [rich, other] = (await createPeople(system.client, 2, 0)) as [Person, Person];
    const refuse = ({ cookie }: Person, delta: number) =>
      changesNothing(() => refused(409, 'PUT', '/account/deposit', { cookie, body: { delta } }, 'delta'));
    assert.equal(await deposit(system.client, rich, largest), largest);
    await refuse(rich, 1);
    await refuse(rich, largest);
    assert.equal(bookingIn(await book(system.client, rich, 1)).status, 4);
    assert.equal(await readBalance(system.client, rich), largest - 5);
    await refuse(rich, 1);

    assert.equal(await deposit(system.client, other, largest - 1), largest - 1);
    await refuse(other, 2);
    assert.equal(await deposit(system.client, other, 1), largest);
    await refuse(other, 1);

    const eventId = await createEvent(system.client, admin(), { price: largest, slots: 2_147_483_647 });
    assert.equal(bookingIn(await book(system.client, rich, eventId)).reason, 'insufficient_funds');
    assert.equal(bookingIn(await book(system.client, other, eventId)).status, 4);
    assert.equal(await readBalance(system.client, other), 0);
  });
}
