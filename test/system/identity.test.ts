import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { eachDatabase } from '../support/databases/databases.ts';
import {
  type Answer,
  type Client,
  createEvent,
  createPeople,
  deposit,
  expect,
  type Person,
  type System,
  signInAdmin,
  startSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

interface Told {
  readonly service: string;
  readonly action: string;
  readonly by: { readonly login: string } | null;
  readonly to: { readonly login: string } | null;
  readonly details: Readonly<Record<string, unknown>>;
}

type Four = [Person, Person, Person, Person];

eachDatabase((_kind, open) => {
  const logged: string[] = [];
  let system: System;
  let client: Client;
  let admin: Person;
  let [ada, bob, organizer, other] = [] as unknown as Four;

  before(async () => {
    const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    system = await startSystem(await open(), { log });
    client = system.client;
    admin = await signInAdmin(client);
    [ada, bob, organizer, other] = (await createPeople(client, 4, 100)) as Four;
    for (const { id } of [organizer, other]) await giveRole(id, 'organizer');
    await sleep(1_100);
  });
  after(() => system.stop());

  const giveRole = (id: number, role: string) =>
    expect(200, client.ask('PUT', `/auth/people/${id}/role`, { cookie: admin.cookie, body: { role } }));
  const ask = (by: Person | string | undefined, method: string, path: string, body?: unknown): Promise<Answer> => {
    const signed =
      by === undefined
        ? {}
        : typeof by === 'string'
          ? { headers: { authorization: `Bearer ${by}` } }
          : { cookie: by.cookie };
    return client.ask(method, path, { ...signed, ...(body !== undefined && { body }) });
  };
  const newToken = async (by: Person, ...scopes: string[]) =>
    (await expect<{ token: string }>(201, ask(by, 'POST', '/auth/tokens', { name: 'x', scopes }))).token;

  /** The audit log entries, once there are this many of an action. */
  async function told(action: string, count = 1): Promise<Told[]> {
    const read = () => expect<Told[]>(200, ask(admin, 'GET', `/auth/trail?action=${action}`));
    await until(`the audit log has ${count} ${action}`, async () => (await read()).length >= count);
    return read();
  }

  test('an organizer changes and cancels their own events only', async () => {
    const own = await createEvent(client, organizer, { price: 5, slots: 3 });
    const others = await createEvent(client, other, { price: 5, slots: 3 });
    assert.equal((await ask(organizer, 'PATCH', `/events/${others}`, { price: 0 })).status, 403);
    assert.equal((await ask(organizer, 'POST', '/events/cancel', { event_id: others })).status, 403);
    assert.equal((await ask(ada, 'POST', '/events/cancel', { event_id: own })).status, 403);
    assert.equal((await ask(organizer, 'PATCH', `/events/${own}`, { price: 4 })).status, 200);
    assert.equal((await ask(organizer, 'POST', '/events/cancel', { event_id: own })).status, 200);
  });

  test('an organizer whose role is removed cannot create events two seconds later', async () => {
    const [late] = (await createPeople(client, 1, 0, 'late')) as [Person];
    await giveRole(late.id, 'organizer');
    await sleep(1_100);
    await createEvent(client, late, { price: 0, slots: 1 });
    await giveRole(late.id, 'person');
    await sleep(2_000);
    const body = { event_name: 'too late', price: 0, total_slots: 1 };
    assert.equal((await ask(late, 'POST', '/events/create', body)).status, 403);
  });

  test('no service trusts a header that names a person', async () => {
    const claims = { 'x-user-id': '1', 'x-user-role': 'admin', 'x-user-login': 'admin' };
    const reads = [
      '/auth',
      '/auth/me',
      '/auth/people',
      '/auth/trail',
      '/account/get',
      '/book/get',
      '/book/reconciliation',
    ];
    for (const path of reads) {
      assert.equal((await client.ask('GET', path, { headers: claims })).status, 401, path);
      const answer = await client.ask('GET', path, { headers: claims, cookie: ada.cookie });
      if (answer.status === 200) assert.doesNotMatch(answer.text, /"login":"admin"/, path);
      else assert.equal(answer.status, 403, path);
    }
    assert.equal((await client.ask('GET', '/book/get?user_id=1', { headers: claims, cookie: ada.cookie })).status, 403);
  });

  test('no body sets the owner of a booking, a balance or a role', async () => {
    const eventId = await createEvent(client, admin, { price: 5, slots: 3 });
    for (const more of [{ user_id: bob.id }, { person_id: bob.id }, { status: 4 }, { price: 0 }])
      assert.equal((await ask(ada, 'POST', '/book/create', { event_id: eventId, ...more })).status, 400);
    for (const more of [{ user_id: bob.id }, { balance: 1_000_000 }])
      assert.equal((await ask(ada, 'PUT', '/account/deposit', { delta: 1, ...more })).status, 400);
    const event = { event_name: 'run', price: 0, total_slots: 1 };
    for (const more of [{ organizer_id: organizer.id }, { user_id: organizer.id }, { free_slots: 9 }])
      assert.equal((await ask(organizer, 'POST', '/events/create', { ...event, ...more })).status, 400);
  });

  test('a token books within its scope only', async () => {
    const eventId = await createEvent(client, admin, { price: 5, slots: 9 });
    const writes = await newToken(ada, 'bookings:write');
    const reads = await newToken(ada, 'bookings:read', 'account:read');
    const made = await expect<{ id: number; user_id: number }>(
      201,
      ask(writes, 'POST', '/book/create', { event_id: eventId }),
    );
    assert.equal(made.user_id, ada.id);
    assert.equal((await ask(writes, 'GET', '/book/get')).status, 403);
    assert.equal((await ask(writes, 'GET', '/account/get')).status, 403);
    assert.equal((await ask(reads, 'GET', '/account/get')).status, 200);
    assert.equal((await ask(reads, 'GET', `/book/get/${made.id}`)).status, 200);
    assert.equal((await ask(reads, 'POST', '/book/cancel', { booking_id: made.id })).status, 403);
    assert.equal((await ask(await newToken(bob, 'bookings:read'), 'GET', `/book/get/${made.id}`)).status, 404);
    // No scope covers these routes.
    assert.equal((await ask(reads, 'PUT', '/account/deposit', { delta: 1 })).status, 403);
    assert.equal((await ask(await newToken(admin, 'events:write'), 'GET', '/book/reconciliation')).status, 403);
  });

  test('actions in other services reach the audit log, with the actor and the target', async () => {
    await deposit(client, bob, 50);
    const eventId = await createEvent(client, organizer, { name: 'told', price: 5, slots: 9 });
    await expect(200, ask(organizer, 'PATCH', `/events/${eventId}`, { price: 6 }));
    const bookingIds: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { id } = await expect<{ id: number }>(201, ask(bob, 'POST', '/book/create', { event_id: eventId }));
      bookingIds.push(id);
    }
    const [own, byAdmin, byEvent] = bookingIds;
    const before = (await told('booking_canceled', 0)).length;
    await expect(200, ask(bob, 'POST', '/book/cancel', { booking_id: own }));
    await expect(200, ask(bob, 'POST', '/book/cancel', { booking_id: own }));
    await expect(200, ask(admin, 'POST', '/book/cancel', { booking_id: byAdmin }));
    await expect(200, ask(organizer, 'POST', '/events/cancel', { event_id: eventId }));
    await expect(200, ask(organizer, 'POST', '/events/cancel', { event_id: eventId }));

    const canceled = (await told('booking_canceled', before + 2)).slice(before);
    assert.deepEqual(
      canceled.map(({ service, by, to, details }) => [service, by?.login, to?.login, details]),
      [
        ['book', bob.login, bob.login, { booking_id: own, event_id: eventId }],
        ['book', 'admin', bob.login, { booking_id: byAdmin, event_id: eventId }],
      ],
    );
    const about = (entries: Told[]) => entries.filter(({ details }) => details.event_id === eventId);
    assert.deepEqual(
      about(await told('event_created')).map(({ by }) => by?.login),
      [organizer.login],
    );
    assert.deepEqual(
      about(await told('event_changed')).map(({ details }) => details.fields),
      ['price'],
    );
    // Canceled twice, logged once; the bookings canceled with it have no entries.
    await until('the booking is canceled, and every act delivered', async () => {
      const { status } = await expect<{ status: number }>(200, ask(bob, 'GET', `/book/get/${byEvent}`));
      const waiting = 'select id from events.outbox union all select id from book.outbox';
      return status === -1 && (await system.database.query(waiting)).length === 0;
    });
    assert.equal(about(await told('event_canceled')).length, 1);
    assert.ok(!(await told('booking_canceled')).some(({ details }) => details.booking_id === byEvent));
  });

  test('no input can start a log line or an entry of the audit log', async () => {
    const forged = '{"level":30,"msg":"forged"}';
    const agent = `curl\t${forged}`;
    await client.ask('POST', '/login', {
      body: { login: `x\\n${forged}`, password: 'x' },
      headers: { 'user-agent': agent },
    });
    await client.ask('GET', `/nothing/%0a${encodeURIComponent(forged)}`, { headers: { 'x-request-id': forged } });
    await client.ask('POST', '/login', { body: `{"login":"a\\u000a${forged.replaceAll('"', '\\"')}","password":"x"}` });
    for (const line of logged) {
      assert.equal(line.trim().split('\n').length, 1);
      assert.notEqual(JSON.parse(line).msg, 'forged');
    }
    const trail = JSON.stringify(await system.database.query('select t::text as line from auth.trail t'));
    assert.ok(!trail.includes('forged'));
  });
});
