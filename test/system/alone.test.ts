import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { type FourProcesses, mostOpen, withFourProcesses } from '../support/four-processes.ts';
import type { Alone } from '../support/services.ts';
import { bookingIn, type Client, createEvent, deposit, expect, signIn, tally } from '../support/system.ts';
import { until } from '../support/until.ts';

describe('four services, each in its own process', { skip: skipWithoutBinaries() }, () => {
  const four = withFourProcesses();
  withoutOneService(four);
  callsBetweenServices(four);
  withoutDatabase(four);
  tooManyBookings(four);
});

function withoutOneService(four: FourProcesses): void {
  test('without events a booking is answered 202 after its wait, stays 1, and settles when it is back', async () => {
    await four.end('events');
    const answers = await Promise.all([four.book(), four.book(), four.book()]);
    for (const answer of answers) {
      assert.equal(answer.status, 202);
      assert.equal(answer.headers.location, `/book/get/${bookingIn(answer).id}`);
    }
    const ids = answers.map((answer) => bookingIn(answer).id);
    await four.untilStatus(ids, 1);
    await delay(300);
    for (const id of ids) assert.equal(await four.statusOf(id), 1);
    await four.start('events');
    await four.untilStatus(ids, 4);
  });

  test('without auth every route that needs a session answers 503 with Retry-After, and events can still be read', async () => {
    await four.end('auth');
    // The results of session lookups are cached for a second.
    await delay(1_100);
    const { cookie } = four.admin;
    for (const [service, method, path, body] of [
      ['book', 'POST', '/book/create', { event_id: four.eventId }],
      ['book', 'GET', '/book/get', undefined],
      ['account', 'GET', '/account/get', undefined],
      ['account', 'PUT', '/account/deposit', { delta: 1 }],
      ['events', 'POST', '/events/create', { event_name: 'x', price: 1, total_slots: 1 }],
    ] as const) {
      const { status, headers } = await four.clients[service].ask(method, path, { cookie, body });
      assert.deepEqual([status, headers['retry-after']], [503, '1'], path);
    }
    for (const path of ['/events/get', `/events/get/${four.eventId}`]) {
      assert.equal((await four.clients.events.ask('GET', path)).status, 200);
      assert.equal((await four.clients.events.ask('GET', path, { cookie })).status, 200);
    }
    await four.start('auth');
    await until('sessions work again', async () => (await four.book()).status === 201);
  });
}

function callsBetweenServices(four: FourProcesses): void {
  test('after a restore book reports the highest known ids to auth and events within seconds', async () => {
    const user = await signIn(four.clients.auth, 'user', 'userpassword');
    await deposit(four.clients.account, user, 10);
    const event = await createEvent(four.clients.events, four.admin, { price: 0, slots: 10 });
    const body = { event_id: event };
    await expect(201, four.clients.book.ask('POST', '/book/create', { cookie: user.cookie, body }));
    const own = openPostgres(four.database.url, 1);
    try {
      await own.query(`select setval('auth.person_id_seq', 1), setval('events.event_id_seq', 1)`);
      await until('new ids are above the known ones', async () => {
        const [last] = await own.query<{ person: number; event: number }>(
          `select p.last_value as person, e.last_value as event from auth.person_id_seq as p, events.event_id_seq as e`,
        );
        return (last?.person ?? 0) >= user.id && (last?.event ?? 0) >= event;
      });
    } finally {
      await own.close();
    }
  });

  test('book writes the amounts of a CSV file in the currency of account', async () => {
    const event = await createEvent(four.clients.events, four.admin, { price: 0, slots: 1 });
    const body = { event_id: event };
    const { cookie } = four.admin;
    await expect(201, four.clients.book.ask('POST', '/book/create', { cookie, body }));
    const { status, text } = await four.clients.book.ask('GET', `/book/attendees/${event}/csv`, { cookie });
    assert.equal(status, 200);
    assert.match(text, /"0","points"/);
  });

  test('internal routes answer only on the internal port and only with the token; public routes are not served on it', async () => {
    const token = { authorization: `Bearer ${four.environment.SERVICE_TOKEN}` };
    const internal: Partial<Record<Service, readonly string[]>> = {
      auth: ['/internal/sessions'],
      events: ['/internal/occupy', '/internal/release'],
      account: ['/internal/pay', '/internal/refund'],
    };
    for (const [service, paths = []] of Object.entries(internal) as [Service, readonly string[]][]) {
      const inside = await (four.running.get(service) as Alone).internal;
      for (const path of paths) {
        const statusOn = async (client: Client, headers = {}) =>
          (await client.ask('POST', path, { body: [], headers })).status;
        assert.equal(await statusOn(inside, token), 200, path);
        assert.equal(await statusOn(inside), 401, path);
        assert.equal(await statusOn(inside, { authorization: 'Bearer another' }), 401, path);
        assert.equal(await statusOn(four.clients[service], token), 404, path);
      }
    }
    for (const service of services) {
      const inside = await (four.running.get(service) as Alone).internal;
      for (const path of ['/auth', '/signin', '/events/get', '/account/get', '/book/get']) {
        assert.equal((await inside.ask('GET', path, { cookie: four.admin.cookie, headers: token })).status, 404, path);
      }
      for (const client of [inside, four.clients[service]])
        assert.equal((await client.ask('GET', '/ready')).status, 200);
    }
  });
}

function withoutDatabase(four: FourProcesses): void {
  test('with the database down every request is 503 with Retry-After, and service resumes when it is back', async (t) => {
    const before = [...four.running.values()];
    await four.database.stop('immediate');
    await delay(1_100);
    const { cookie } = four.admin;
    for (const [service, method, path, body] of [
      ['book', 'POST', '/book/create', { event_id: four.eventId }],
      ['book', 'GET', '/book/get', undefined],
      ['account', 'PUT', '/account/deposit', { delta: 1 }],
      ['events', 'GET', '/events/get', undefined],
      ['auth', 'POST', '/login', { login: 'admin', password: 'password' }],
    ] as const) {
      const { status, headers, text } = await four.clients[service].ask(method, path, { cookie, body });
      assert.deepEqual([status, headers['retry-after']], [503, '1'], `${path}: ${text}`);
      assert.match(text, /"urn:startlist:problem:unavailable"/);
    }
    await four.database.start();
    const beganMs = performance.now();
    await until('bookings complete again', async () => (await four.book()).status === 201);
    t.diagnostic(`booked ${Math.round(performance.now() - beganMs)} ms after the database was back`);
    assert.deepEqual([...four.running.values()], before);
    for (const alone of before) assert.ok(alone.isRunning, alone.log);
  });
}

function tooManyBookings(four: FourProcesses): void {
  test(`beyond ${mostOpen} open bookings the answer is 503, and what was accepted settles`, async () => {
    await four.end('events');
    const askMany = () =>
      Promise.all(Array.from({ length: 5 * mostOpen }, () => four.book({ prefer: 'respond-async' })));
    const answers = await askMany();
    assert.deepEqual(
      tally(answers, ({ status }) => status),
      { 202: mostOpen, 503: 4 * mostOpen },
    );
    const turnedAway = await askMany();
    for (const { status, headers } of turnedAway) assert.deepEqual([status, headers['retry-after']], [503, '1']);
    const ids = answers.flatMap((answer) => (answer.status === 202 ? [bookingIn(answer).id] : []));
    await four.start('events');
    await four.untilStatus(ids, 4);
    await four.untilStatus([bookingIn(await four.book()).id], 4);
    // An answer of 503 promises that nothing was stored.
    const listed = await expect<{ id: number; status: number }[]>(
      200,
      four.clients.book.ask('GET', '/book/get?limit=1000', { cookie: four.admin.cookie }),
    );
    assert.deepEqual(listed.filter(({ id }) => id >= Math.min(...ids)).length, mostOpen + 1);
    for (const { status } of listed) assert.equal(status, 4);
  });
}
