import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { freePort, type PostgresServer, skipWithoutBinaries, startPostgres } from '../support/databases/postgres.ts';
import { Alone, slack, until } from '../support/services.ts';
import { Viewer } from '../support/streams.ts';
import {
  type Answer,
  bookingIn,
  type Client,
  createEvent,
  deposit,
  expect,
  type Person,
  signIn,
  signInAdmin,
  tally,
} from '../support/system.ts';

const waitMs = 400;
const mostOpen = 20;
const settledWithinMs = 5_000 * slack;

describe('four services, each in a process of its own', { skip: skipWithoutBinaries() }, () => {
  let database: PostgresServer;
  let environment: Readonly<Record<string, string>>;
  const running = new Map<Service, Alone>();
  let clients: Record<Service, Client>;
  let admin: Person;
  let eventId: number;

  before(async () => {
    const [postgres, ...ports] = await Promise.all([startPostgres(), freePort(), freePort(), freePort()]);
    database = postgres;
    const at = (index: number) => `http://127.0.0.1:${ports[index]}`;
    environment = {
      DATABASE_URL: database.url,
      SERVICE_TOKEN: 'the token of this test',
      AUTH_URL: at(0),
      EVENTS_URL: at(1),
      ACCOUNT_URL: at(2),
      BOOK_WAIT_MS: String(waitMs),
      BOOK_MAX_OPEN: String(mostOpen),
    };
    await start(...services);
    admin = await signInAdmin(clients.auth);
    await deposit(clients.account, admin, 1_000_000);
    eventId = await createEvent(clients.events, admin, { price: 3, slots: 100_000 });
    // The first one opens connections, plans statements and compiles code: it may take longer than it is waited for.
    await until('the first booking settles in time', async () => (await book()).status === 201);
  });
  after(async () => {
    await end(...services);
    await database?.remove();
  });

  async function start(...wanted: Service[]): Promise<void> {
    for (const service of wanted) {
      const url = environment[`${service.toUpperCase()}_URL`];
      // Where the others look for it, also when it comes back.
      const place = url === undefined ? {} : { INTERNAL_PORT: new URL(url).port };
      running.set(service, new Alone(service, { ...environment, ...place }));
    }
    const open = [...running].map(async ([service, alone]) => [service, await alone.client] as const);
    clients = Object.fromEntries(await Promise.all(open)) as Record<Service, Client>;
  }

  async function end(...wanted: Service[]): Promise<void> {
    await Promise.all(wanted.map((service) => running.get(service)?.end('SIGKILL')));
    for (const service of wanted) running.delete(service);
  }

  const book = (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    clients.book.ask('POST', '/book/create', { cookie: admin.cookie, body: { event_id: eventId }, headers });

  const statusOf = async (id: number) => {
    const { cookie } = admin;
    return (await expect<{ status: number }>(200, clients.book.ask('GET', `/book/get/${id}`, { cookie }))).status;
  };

  /** That all of these settle, within 5 s of now. */
  async function settle(ids: readonly number[]): Promise<number> {
    const beganMs = performance.now();
    for (const id of ids) {
      await until(`booking ${id} settles`, async () => (await statusOf(id)) === 4, settledWithinMs / slack);
    }
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < settledWithinMs, `settled after ${tookMs} ms`);
    return Math.round(tookMs);
  }

  for (const [missing, status] of [
    ['events', 1],
    ['account', 3],
  ] as const) {
    test(`without ${missing} a booking is answered 202 after its wait, stays ${status}, and settles when it is back`, async (t) => {
      await end(missing);
      const answers: Answer[] = [];
      const tookMs: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        const beganMs = performance.now();
        answers.push(...(await Promise.all([book(), book(), book()])));
        tookMs.push(performance.now() - beganMs);
      }
      // Of three, because the machine may do something else meanwhile.
      const quickestMs = Math.min(...tookMs);
      assert.ok(quickestMs >= waitMs && quickestMs < waitMs + 1_500 * slack, `answered after ${tookMs} ms`);
      for (const answer of answers) {
        assert.equal(answer.status, 202);
        assert.equal(answer.headers.location, `/book/get/${bookingIn(answer).id}`);
      }
      const ids = answers.map((answer) => bookingIn(answer).id);
      for (const id of ids)
        await until(`booking ${id} comes to ${status}`, async () => (await statusOf(id)) === status);
      await delay(300);
      for (const id of ids) assert.equal(await statusOf(id), status);
      await start(missing);
      t.diagnostic(`settled ${await settle(ids)} ms after ${missing} was back`);
    });
  }

  test('without auth whatever needs a session is 503 with Retry-After, and reading events goes on', async () => {
    await end('auth');
    // What was answered of a session is believed for a second.
    await delay(1_100);
    const { cookie } = admin;
    for (const [service, method, path, body] of [
      ['book', 'POST', '/book/create', { event_id: eventId }],
      ['book', 'GET', '/book/get', undefined],
      ['account', 'GET', '/account/get', undefined],
      ['account', 'PUT', '/account/deposit', { delta: 1 }],
      ['events', 'POST', '/events/create', { event_name: 'x', price: 1, total_slots: 1 }],
    ] as const) {
      const { status, headers } = await clients[service].ask(method, path, { cookie, body });
      assert.deepEqual([status, headers['retry-after']], [503, '1'], path);
    }
    for (const path of ['/events/get', `/events/get/${eventId}`]) {
      assert.equal((await clients.events.ask('GET', path)).status, 200);
      assert.equal((await clients.events.ask('GET', path, { cookie })).status, 200);
    }
    await start('auth');
    await until('sessions work again', async () => (await book()).status === 201);
  });

  test('a session that was ended stops working everywhere within 2 s', async () => {
    const { cookie } = await signIn(clients.auth, 'user', 'userpassword');
    const asks = {
      auth: () => clients.auth.ask('GET', '/auth', { cookie }),
      events: () =>
        clients.events.ask('POST', '/events/create', { cookie, body: { event_name: 'x', price: 1, total_slots: 1 } }),
      account: () => clients.account.ask('GET', '/account/get', { cookie }),
      book: () => clients.book.ask('GET', '/book/get', { cookie }),
    };
    const ask = async () => Promise.all(Object.values(asks).map(async (each) => (await each()).status));
    assert.deepEqual(await ask(), [200, 403, 200, 200]);
    const viewer = await Viewer.open(clients.book.address, '/book/live', { cookie });
    assert.equal(viewer.status, 200);
    await expect(200, clients.auth.ask('POST', '/logout', { cookie }));
    await delay(2_000);
    // A busy machine may take a moment more to bring the end.
    await viewer.until(({ isEnded }) => isEnded, 1_000);
    assert.deepEqual(await ask(), [401, 401, 401, 401]);
  });

  test('auth and events that are behind are told by book which ids are known, within seconds', async () => {
    const user = await signIn(clients.auth, 'user', 'userpassword');
    await deposit(clients.account, user, 10);
    const event = await createEvent(clients.events, admin, { price: 0, slots: 10 });
    const body = { event_id: event };
    await expect(201, clients.book.ask('POST', '/book/create', { cookie: user.cookie, body }));
    const own = openPostgres(database.url, 1);
    try {
      await own.query(`select setval('auth.person_id_seq', 1), setval('events.event_id_seq', 1)`);
      await until('ids go on above those that are known', async () => {
        const [last] = await own.query<{ person: number; event: number }>(
          `select p.last_value as person, e.last_value as event from auth.person_id_seq as p, events.event_id_seq as e`,
        );
        return (last?.person ?? 0) >= user.id && (last?.event ?? 0) >= event;
      });
    } finally {
      await own.close();
    }
  });

  test('internal routes are on the internal port alone and need the token; public ones are not there', async () => {
    const token = { authorization: `Bearer ${environment.SERVICE_TOKEN}` };
    const internal: Partial<Record<Service, readonly string[]>> = {
      auth: ['/internal/sessions'],
      events: ['/internal/occupy', '/internal/release'],
      account: ['/internal/pay', '/internal/refund'],
    };
    for (const [service, paths = []] of Object.entries(internal) as [Service, readonly string[]][]) {
      const inside = await (running.get(service) as Alone).internal;
      for (const path of paths) {
        const statusOn = async (client: Client, headers = {}) =>
          (await client.ask('POST', path, { body: [], headers })).status;
        assert.equal(await statusOn(inside, token), 200, path);
        assert.equal(await statusOn(inside), 401, path);
        assert.equal(await statusOn(inside, { authorization: 'Bearer another' }), 401, path);
        assert.equal(await statusOn(clients[service], token), 404, path);
      }
    }
    for (const service of services) {
      const inside = await (running.get(service) as Alone).internal;
      for (const path of ['/auth', '/signin', '/events/get', '/account/get', '/book/get']) {
        assert.equal((await inside.ask('GET', path, { cookie: admin.cookie, headers: token })).status, 404, path);
      }
      for (const client of [inside, clients[service]]) assert.equal((await client.ask('GET', '/ready')).status, 200);
    }
  });

  test('with the database down everything is 503 with Retry-After, and goes on by itself when it is back', async (t) => {
    const before = [...running.values()];
    await database.stop('immediate');
    await delay(1_100);
    const { cookie } = admin;
    for (const [service, method, path, body] of [
      ['book', 'POST', '/book/create', { event_id: eventId }],
      ['book', 'GET', '/book/get', undefined],
      ['account', 'PUT', '/account/deposit', { delta: 1 }],
      ['events', 'GET', '/events/get', undefined],
      ['auth', 'POST', '/login', { login: 'admin', password: 'password' }],
    ] as const) {
      const { status, headers, text } = await clients[service].ask(method, path, { cookie, body });
      assert.deepEqual([status, headers['retry-after']], [503, '1'], `${path}: ${text}`);
      assert.match(text, /"urn:startlist:problem:unavailable"/);
    }
    await database.start();
    const beganMs = performance.now();
    await until('bookings go on', async () => (await book()).status === 201);
    t.diagnostic(`booked ${Math.round(performance.now() - beganMs)} ms after the database was back`);
    assert.deepEqual([...running.values()], before);
    for (const alone of before) assert.ok(alone.isRunning, alone.log);
  });

  test(`beyond ${mostOpen} open bookings the answer is 503 at once, and what was accepted settles`, async (t) => {
    await end('events');
    const askMany = () => Promise.all(Array.from({ length: 5 * mostOpen }, () => book({ prefer: 'respond-async' })));
    const answers = await askMany();
    assert.deepEqual(
      tally(answers, ({ status }) => status),
      { 202: mostOpen, 503: 4 * mostOpen },
    );
    // Again, now that all connections are open: how long whoever is turned away waits for that.
    const beganMs = performance.now();
    const turnedAway = await askMany();
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < 1_000 * slack, `turned away after ${tookMs} ms`);
    for (const { status, headers } of turnedAway) assert.deepEqual([status, headers['retry-after']], [503, '1']);
    const ids = answers.flatMap((answer) => (answer.status === 202 ? [bookingIn(answer).id] : []));
    await start('events');
    t.diagnostic(`settled ${await settle(ids)} ms after events was back`);
    await settle([bookingIn(await book()).id]);
    // A 503 promises that nothing was stored.
    const listed = await expect<{ id: number; status: number }[]>(
      200,
      clients.book.ask('GET', '/book/get?limit=1000', { cookie: admin.cookie }),
    );
    assert.deepEqual(listed.filter(({ id }) => id >= Math.min(...ids)).length, mostOpen + 1);
    for (const { status } of listed) assert.equal(status, 4);
  });
});
