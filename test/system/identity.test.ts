import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import {
  type Answer,
  bookingIn,
  createEvent,
  createPeople,
  deposit,
  expect,
  outcome,
  type Person,
  signInAdmin,
  withSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

interface Told {
  readonly service: string;
  readonly action: string;
  readonly by: { readonly login: string } | null;
  readonly to: { readonly login: string } | null;
  readonly details: Readonly<Record<string, unknown>>;
}

eachDatabase((_kind, open) => {
  const services = withServices(open);
  organizers(services);
  claims(services);
  tokens(services);
  auditLog(services);
});

type Services = ReturnType<typeof withServices>;

/** Four services with an admin, two organizers and two other people. */
function withServices(open: Open) {
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  /** The people by name. They are created before the tests. */
  const who = {} as Record<'admin' | 'ada' | 'bob' | 'organizer' | 'other', Person>;
  const system = withSystem(open, {
    log,
    async prepare({ client }) {
      const [ada, bob, organizer, other] = (await createPeople(client, 4, 100)) as [Person, Person, Person, Person];
      Object.assign(who, { admin: await signInAdmin(client), ada, bob, organizer, other });
      for (const { id } of [organizer, other]) await giveRole(id, 'organizer');
      await sleep(1_100);
    },
  });

  const ask = (by: Person | string | undefined, method: string, path: string, body?: unknown): Promise<Answer> => {
    const signed =
      by === undefined
        ? {}
        : typeof by === 'string'
          ? { headers: { authorization: `Bearer ${by}` } }
          : { cookie: by.cookie };
    return system.client.ask(method, path, { ...signed, ...(body !== undefined && { body }) });
  };
  const giveRole = (id: number, role: string) =>
    expect(200, ask(who.admin, 'PUT', `/auth/people/${id}/role`, { role }));
  return { system, logged, who, ask, giveRole };
}

function organizers({ system, who, ask, giveRole }: Services): void {
  test('an organizer changes and cancels their own events only', async () => {
    const own = await createEvent(system.client, who.organizer, { price: 5, slots: 3 });
    const others = await createEvent(system.client, who.other, { price: 5, slots: 3 });
    assert.equal((await ask(who.organizer, 'PATCH', `/events/${others}`, { price: 0 })).status, 403);
    assert.equal((await ask(who.organizer, 'POST', '/events/cancel', { event_id: others })).status, 403);
    assert.equal((await ask(who.ada, 'POST', '/events/cancel', { event_id: own })).status, 403);
    assert.equal((await ask(who.organizer, 'PATCH', `/events/${own}`, { price: 4 })).status, 200);
    assert.equal((await ask(who.organizer, 'POST', '/events/cancel', { event_id: own })).status, 200);
  });

  test('an organizer whose role is removed cannot create events two seconds later', async () => {
    const [late] = (await createPeople(system.client, 1, 0, 'late')) as [Person];
    await giveRole(late.id, 'organizer');
    await sleep(1_100);
    await createEvent(system.client, late, { price: 0, slots: 1 });
    await giveRole(late.id, 'person');
    await sleep(2_000);
    const body = { event_name: 'too late', price: 0, total_slots: 1 };
    assert.equal((await ask(late, 'POST', '/events/create', body)).status, 403);
  });
}

/** Claims about a person in headers and bodies, which no service may trust. */
function claims({ system, who, ask }: Services): void {
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
      assert.equal((await system.client.ask('GET', path, { headers: claims })).status, 401, path);
      const answer = await system.client.ask('GET', path, { headers: claims, cookie: who.ada.cookie });
      if (answer.status === 200) assert.doesNotMatch(answer.text, /"login":"admin"/, path);
      else assert.equal(answer.status, 403, path);
    }
    assert.equal(
      (await system.client.ask('GET', '/book/get?user_id=1', { headers: claims, cookie: who.ada.cookie })).status,
      403,
    );
  });

  test('no body sets the owner of a booking, a balance or a role', async () => {
    const eventId = await createEvent(system.client, who.admin, { price: 5, slots: 3 });
    for (const more of [{ user_id: who.bob.id }, { person_id: who.bob.id }, { status: 4 }, { made_by: who.bob.id }])
      assert.equal((await ask(who.ada, 'POST', '/book/create', { event_id: eventId, ...more })).status, 400);
    // The price in a body is the one that the buyer saw. It sets nothing.
    const cheap = await ask(who.ada, 'POST', '/book/create', { event_id: eventId, price: 0 });
    assert.equal(outcome(bookingIn(cheap)), '-1 price_changed');
    for (const more of [{ user_id: who.bob.id }, { balance: 1_000_000 }])
      assert.equal((await ask(who.ada, 'PUT', '/account/deposit', { delta: 1, ...more })).status, 400);
    const event = { event_name: 'run', price: 0, total_slots: 1 };
    for (const more of [{ organizer_id: who.organizer.id }, { user_id: who.organizer.id }, { free_slots: 9 }])
      assert.equal((await ask(who.organizer, 'POST', '/events/create', { ...event, ...more })).status, 400);
  });
}

function tokens({ system, who, ask }: Services): void {
  const newToken = async (by: Person, ...scopes: string[]) =>
    (await expect<{ token: string }>(201, ask(by, 'POST', '/auth/tokens', { name: 'x', scopes }))).token;

  test('a token books within its scope only', async () => {
    const eventId = await createEvent(system.client, who.admin, { price: 5, slots: 9 });
    const writes = await newToken(who.ada, 'bookings:write');
    const reads = await newToken(who.ada, 'bookings:read', 'account:read');
    const made = await expect<{ id: number; user_id: number }>(
      201,
      ask(writes, 'POST', '/book/create', { event_id: eventId }),
    );
    assert.equal(made.user_id, who.ada.id);
    assert.equal((await ask(writes, 'GET', '/book/get')).status, 403);
    assert.equal((await ask(writes, 'GET', '/account/get')).status, 403);
    assert.equal((await ask(reads, 'GET', '/account/get')).status, 200);
    assert.equal((await ask(reads, 'GET', `/book/get/${made.id}`)).status, 200);
    assert.equal((await ask(reads, 'POST', '/book/cancel', { booking_id: made.id })).status, 403);
    assert.equal((await ask(await newToken(who.bob, 'bookings:read'), 'GET', `/book/get/${made.id}`)).status, 404);
    // No scope of an API token permits these routes.
    assert.equal((await ask(reads, 'PUT', '/account/deposit', { delta: 1 })).status, 403);
    assert.equal((await ask(await newToken(who.admin, 'events:write'), 'GET', '/book/reconciliation')).status, 403);
  });
}

function auditLog({ system, logged, who, ask }: Services): void {
  /** Waits until the audit log has this many entries of an action. @returns these entries. */
  async function told(action: string, count = 1): Promise<Told[]> {
    const read = () => expect<Told[]>(200, ask(who.admin, 'GET', `/auth/trail?action=${action}`));
    await until(`the audit log has ${count} entries of ${action}`, async () => (await read()).length >= count);
    return read();
  }

  test('actions in other services reach the audit log, with the actor and the target', async () => {
    await deposit(system.client, who.bob, 50);
    const eventId = await createEvent(system.client, who.organizer, { name: 'told', price: 5, slots: 9 });
    await expect(200, ask(who.organizer, 'PATCH', `/events/${eventId}`, { price: 6 }));
    const bookingIds: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { id } = await expect<{ id: number }>(201, ask(who.bob, 'POST', '/book/create', { event_id: eventId }));
      bookingIds.push(id);
    }
    const [own, byAdmin, byEvent] = bookingIds;
    const before = (await told('booking_canceled', 0)).length;
    await expect(200, ask(who.bob, 'POST', '/book/cancel', { booking_id: own }));
    await expect(200, ask(who.bob, 'POST', '/book/cancel', { booking_id: own }));
    await expect(200, ask(who.admin, 'POST', '/book/cancel', { booking_id: byAdmin }));
    await expect(200, ask(who.organizer, 'POST', '/events/cancel', { event_id: eventId }));
    await expect(200, ask(who.organizer, 'POST', '/events/cancel', { event_id: eventId }));

    const canceled = (await told('booking_canceled', before + 2)).slice(before);
    assert.deepEqual(
      canceled.map(({ service, by, to, details }) => [service, by?.login, to?.login, details]),
      [
        ['book', who.bob.login, who.bob.login, { booking_id: own, event_id: eventId }],
        ['book', 'admin', who.bob.login, { booking_id: byAdmin, event_id: eventId }],
      ],
    );
    const about = (entries: Told[]) => entries.filter(({ details }) => details.event_id === eventId);
    assert.deepEqual(
      about(await told('event_created')).map(({ by }) => by?.login),
      [who.organizer.login],
    );
    assert.deepEqual(
      about(await told('event_changed')).map(({ details }) => details.fields),
      ['price'],
    );
    // The event was canceled twice and is logged once. The bookings canceled with the event have no entries.
    await until('the booking is canceled, and all audit log entries are delivered', async () => {
      const { status } = await expect<{ status: number }>(200, ask(who.bob, 'GET', `/book/get/${byEvent}`));
      const waiting = 'select id from events.outbox union all select id from book.outbox';
      return status === -1 && (await system.database.query(waiting)).length === 0;
    });
    assert.equal(about(await told('event_canceled')).length, 1);
    assert.ok(!(await told('booking_canceled')).some(({ details }) => details.booking_id === byEvent));
  });

  test('no input can start a log line or an entry of the audit log', async () => {
    const forged = '{"level":30,"msg":"forged"}';
    const agent = `curl\t${forged}`;
    await system.client.ask('POST', '/login', {
      body: { login: `x\\n${forged}`, password: 'x' },
      headers: { 'user-agent': agent },
    });
    await system.client.ask('GET', `/nothing/%0a${encodeURIComponent(forged)}`, {
      headers: { 'x-request-id': forged },
    });
    await system.client.ask('POST', '/login', {
      body: `{"login":"a\\u000a${forged.replaceAll('"', '\\"')}","password":"x"}`,
    });
    for (const line of logged) {
      assert.equal(line.trim().split('\n').length, 1);
      assert.notEqual(JSON.parse(line).msg, 'forged');
    }
    const trail = JSON.stringify(await system.database.query('select t::text as line from auth.trail t'));
    assert.ok(!trail.includes('forged'));
  });
}
