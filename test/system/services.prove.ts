import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { services as names } from '../../contracts/services.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { buildPages } from '../../web/build.ts';
import { createEmptyDatabase, type FreshDatabase, skipWithoutPostgres } from '../support/databases/databases.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { brokenRules } from '../support/money.ts';
import { readSamples, sampled } from '../support/scrape.ts';
import { type Entry, isAlive, Services } from '../support/services.ts';
import { root } from '../support/sources.ts';
import { Viewer } from '../support/streams.ts';
import {
  book,
  bookingIn,
  Client,
  createEvent,
  deposit,
  expect,
  signIn,
  signInAdmin,
  tally,
} from '../support/system.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'startlist-services-'));
// PostgreSQL does not run as root, and the user that it runs as needs access to this folder.
chmodSync(folder, 0o755);
writeFileSync(join(folder, 'file'), '');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const running: Services[] = [];
function start(args: readonly string[], environment: Readonly<Record<string, string>>): Services {
  const services = new Services(args, environment);
  running.push(services);
  return services;
}
after(() => Promise.all(running.map((services) => services.end('SIGKILL'))));

/** Runs the session that Startlist grew from, as `npm run walk` does. */
async function walk({ address }: Client): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'programs/walk/main.ts'), address], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  assert.equal(code, 0, `${out}${err}`);
}

describe('two of each service behind the gateway', { skip: skipWithoutPostgres }, () => {
  const pair = withPair();

  test('the session of the first description is answered as before', () => walk(pair.client));

  views(pair);
  routes(pair);
  endings(pair);

  test('there is one log, and each line names its service', () => {
    for (const entry of pair.services.entries) {
      assert.ok(entry.service !== undefined && entry.level > 0, JSON.stringify(entry));
      if ((names as readonly string[]).includes(entry.service)) assert.match(String(entry.replica), /^[12]$/);
    }
    for (const name of [...names, 'gateway'])
      assert.ok(
        pair.services.entries.some(({ service }) => service === name),
        name,
      );
    assert.equal(pair.services.stderr, '');
  });

  test('killed with -9 it leaves no process behind', async () => {
    const { pids } = pair.services;
    assert.ok(pids.filter(isAlive).length >= 9);
    assert.equal(await pair.services.end('SIGKILL'), 'SIGKILL');
    await until('all processes have ended', () => !pids.some(isAlive));
  });
});

type Pair = ReturnType<typeof withPair>;

/** The fixture of the suite: two processes of each service. Its properties can be read in hooks and tests only. */
function withPair() {
  let database: FreshDatabase;
  let services: Services;
  let client: Client;
  before(async () => {
    database = await createEmptyDatabase();
    await buildPages();
    services = start(['--replicas', '2'], { DATABASE_URL: database.url, SERVICE_TOKEN: 'the token of this test' });
    client = await services.ready();
    const all = [...names, 'web'].flatMap((service) => [1, 2].map((replica) => [service, replica] as const));
    const areReady = () => all.every(([service, replica]) => services.portsOf(service, replica).port > 0);
    await until('both processes of each service are ready', areReady);
  });
  after(async () => {
    await services?.end('SIGKILL');
    await database?.drop();
  });

  return {
    get databaseUrl(): string {
      return database.url;
    },
    get services(): Services {
      return services;
    },
    get client(): Client {
      return client;
    },
  };
}

function views(pair: Pair): void {
  test('a session that was ended stops working on every replica within 2 s', async () => {
    const { cookie } = await signIn(pair.client, 'user', 'userpassword');
    const ask = async () => {
      const paths = ['/auth', '/auth', '/account/get', '/account/get', '/book/get', '/book/get'];
      return Promise.all(paths.map(async (path) => (await pair.client.ask('GET', path, { cookie })).status));
    };
    assert.deepEqual(await ask(), [200, 200, 200, 200, 200, 200]);
    await expect(200, pair.client.ask('POST', '/logout', { cookie }));
    await delay(2_000);
    assert.deepEqual(await ask(), [401, 401, 401, 401, 401, 401]);
  });

  test('viewers on either replica see what the other one sold, through the gateway and without buffering', async (t) => {
    const admin = await signInAdmin(pair.client);
    const eventId = await createEvent(pair.client, admin, { price: 0, slots: 9 });
    const { cookie } = admin;
    const events = await Promise.all(
      [1, 2].map(() => Viewer.open<EventDetail>(pair.client.address, `/events/live?ids=${eventId}`)),
    );
    const own = await Promise.all(
      [1, 2].map(() => Viewer.open<BookingDetail>(pair.client.address, '/book/live', { cookie })),
    );
    t.after(() => {
      for (const viewer of [...events, ...own]) viewer.close();
    });
    for (const viewer of events) await viewer.until(({ last }) => last?.data.free_slots === 9);
    for (const free of [8, 7]) {
      const { id } = bookingIn(await book(pair.client, admin, eventId));
      const isMine = ({ data }: { data: BookingDetail }) => data.id === id && data.status === 4;
      for (const viewer of events) await viewer.until(({ last }) => last?.data.free_slots === free);
      for (const viewer of own) await viewer.until((each) => each.events.some(isMine));
    }
  });
}

function routes(pair: Pair): void {
  test('the pages are served by two processes', async () => {
    for (let time = 0; time < 4; time += 1) {
      const { status, headers, text } = await pair.client.ask('GET', '/event/1');
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8']);
      assert.match(text, /<div id="pages">/);
    }
    for (const replica of [1, 2]) assert.ok(pair.services.portsOf('web', replica).port > 0);
  });

  test('internal routes are unreachable from outside, and need the token inside', async () => {
    const headers = { authorization: 'Bearer the token of this test' };
    for (const path of ['/internal/occupy', '/events/internal/occupy', '/auth/internal/sessions']) {
      assert.equal((await pair.client.ask('POST', path, { body: [], headers })).status, 404, path);
    }
    const inside = new Client(`http://127.0.0.1:${pair.services.portsOf('gateway').internalPort}`);
    assert.equal((await inside.ask('POST', '/events/internal/occupy', { body: [], headers })).status, 200);
    assert.equal((await inside.ask('POST', '/events/internal/occupy', { body: [] })).status, 401);
    assert.equal((await inside.ask('GET', '/events/get', { headers })).status, 404);
    inside.close();
  });
}

/** Processes that are killed, or ended with a signal. */
function endings(pair: Pair): void {
  test('a killed process is restarted, the gateway too, and the session is answered as before', async () => {
    const killed = [['gateway'], ['auth', 1], ['events', 2], ['account', 1], ['book', 2]] as const;
    const pids = killed.map(([service, replica]) => pair.services.pidOf(service, replica));
    const count = (msg: RegExp) => pair.services.entries.filter((entry) => msg.test(entry.msg)).length;
    const readyBefore = count(/is ready$/);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until('all killed processes are ready again', () => count(/is ready$/) === readyBefore + killed.length);
    await until('the gateway is ready', async () => {
      const answer = await pair.client.ask('GET', '/ready').catch(() => undefined);
      return answer?.status === 200;
    });
    assert.equal(count(/^process died; restarting$/), killed.length);
    for (const [at, [service, replica]] of killed.entries())
      assert.notEqual(pair.services.pidOf(service, replica), pids[at]);
    await walk(pair.client);
  });

  test('SIGTERM of book under load: waiting requests get 202, no call fails, and every accepted booking settles', async (t) => {
    const admin = await signInAdmin(pair.client);
    await deposit(pair.client, admin, 1_000_000);
    const eventId = await createEvent(pair.client, admin, { price: 3, slots: 1_000_000 });
    let isOver = false;
    const ids: number[] = [];
    const statuses: number[] = [];
    const asks = async () => {
      while (!isOver) {
        const answer = await book(pair.client, admin, eventId);
        statuses.push(answer.status);
        if (answer.status === 201 || answer.status === 202) ids.push(bookingIn(answer).id);
      }
    };
    const asking = Promise.all(Array.from({ length: 60 }, asks));
    asking.catch(() => {});
    await until('200 bookings are accepted', () => ids.length > 200);
    await replace(pair, 1);
    // While account is stopped all requests wait, about half of them at the book process that ends.
    const accounts = [1, 2].map((replica) => pair.services.pidOf('account', replica));
    for (const pid of accounts) process.kill(pid, 'SIGSTOP');
    await until('many bookings wait at the process that will end', async () => (await held(pair, 2)) > 10);
    const waiting = () => statuses.filter((status) => status === 202).length;
    const before = waiting();
    const replaced = replace(pair, 2);
    await until('the waiting requests are answered', () => waiting() > before + 10);
    await replaced;
    for (const pid of accounts) process.kill(pid, 'SIGCONT');
    await delay(300);
    isOver = true;
    await asking;
    const outcomes = tally(statuses, (status) => status);
    t.diagnostic(JSON.stringify(outcomes));
    assert.deepEqual(Object.keys(outcomes), ['201', '202'], JSON.stringify(outcomes));
    assert.ok((outcomes[201] ?? 0) > 100);
    await requireSettled(pair, eventId, ids);
  });
}

/** The number of open bookings that a book process holds. */
async function held(pair: Pair, replica: number): Promise<number> {
  const inside = new Client(`http://127.0.0.1:${pair.services.portsOf('book', replica).internalPort}`);
  const { text } = await inside.ask('GET', '/metrics', {
    headers: { authorization: 'Bearer the token of this test' },
  });
  inside.close();
  return sampled(readSamples(text), 'startlist_bookings_held', { kind: 'live' });
}

/** Ends a book process and waits until its replacement is ready. */
async function replace(pair: Pair, replica: number): Promise<void> {
  const pid = pair.services.pidOf('book', replica);
  process.kill(pid, 'SIGTERM');
  await until('the replacement is ready', () => {
    const isIts = (entry: Entry) => entry.service === 'book' && entry.replica === replica;
    const last = pair.services.entries.findLast((entry) => isIts(entry) && /^(started|book is ready)$/.test(entry.msg));
    return last?.msg === 'book is ready' && pair.services.pidOf('book', replica) !== pid;
  });
  assert.ok(!isAlive(pid));
}

/** Waits until no booking is open. The stored bookings of the event must be the accepted ones. */
async function requireSettled(pair: Pair, eventId: number, ids: readonly number[]): Promise<void> {
  const look = openPostgres(pair.databaseUrl, 1);
  try {
    await until('all bookings settle', async () => {
      const [{ open } = { open: -1 }] = await look.query<{ open: number }>(
        'select count(*)::int as open from book.booking where due_at is not null',
      );
      return open === 0;
    });
    const stored = await look.query<{ id: number }>('select id from book.booking where event_id = $1', [eventId]);
    assert.deepEqual(new Set(stored.map(({ id }) => id)), new Set(ids));
    assert.deepEqual(await brokenRules(look), {});
  } finally {
    await look.close();
  }
}

describe('on a PostgreSQL of their own', { skip: skipWithoutBinaries() }, () => {
  test('they keep their data, refuse connections without the password, and end in order on SIGINT', async () => {
    const first = start([], { DATA_DIR: join(folder, 'data') });
    const client = await first.ready();
    const admin = await signInAdmin(client);
    const eventId = await createEvent(client, admin, { price: 0, slots: 5 });
    await expect(201, book(client, admin, eventId));
    const { port } = first.portsOf('postgres');
    const stranger = openPostgres(`postgres://postgres@127.0.0.1:${port}/startlist`, 1);
    await assert.rejects(stranger.query('select 1'), /password/);
    await stranger.close();

    assert.equal(await first.end('SIGINT'), 0);
    const ended = first.entries.filter(({ msg }) => msg === 'process ended').map(({ service }) => service);
    assert.deepEqual([ended[0], ended.at(-1), ended.length], ['book', 'gateway', 6]);
    assert.equal(first.stderr, '');

    const second = start([], { DATA_DIR: join(folder, 'data') });
    const again = await second.ready();
    const { free_slots } = await expect<{ free_slots: number }>(200, again.ask('GET', `/events/get/${eventId}`));
    assert.equal(free_slots, 4);
    assert.equal(await second.end('SIGTERM'), 0);
  });
});

describe('a start that is impossible ends with one line that says why', () => {
  const url = 'postgres://me:secret@127.0.0.1:1/x';
  const wrong: readonly (readonly [
    args: readonly string[],
    environment: Record<string, string>,
    code: number,
    why: RegExp,
  ])[] = [
    [['--replicas', '0'], {}, 2, /--replicas must be a number from 1 to 16, not "0"/],
    [['--replicas=two'], {}, 2, /--replicas must be a number/],
    [['--replicas'], {}, 2, /--replicas/],
    [['--copies', '2'], {}, 2, /--copies/],
    [['2'], {}, 2, /Unexpected argument '2'/],
    [[], { PORT: 'x' }, 1, /PORT: must be a whole number/],
    [[], { NODE_ENV: 'production' }, 1, /ADMIN_PASSWORD: is required/],
    [[], { DATA_DIR: join(folder, 'file') }, 1, /DATA_DIR: the folder \S+file can't be used: \S+file is a file/],
  ];
  for (const [args, environment, code, why] of wrong) {
    test(
      [...Object.entries(environment).map(([name, value]) => `${name}=${value.replace(folder, '…')}`), ...args].join(
        ' ',
      ),
      async () => {
        const services = start(args, environment);
        assert.equal(await services.ended(), code);
        assert.match(services.stderr, /^.+\n$/);
        assert.match(services.stderr, why);
        assert.deepEqual([services.banner, services.entries], ['', []]);
      },
    );
  }

  test('a port that is taken', async () => {
    const other = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
    ]);
    const [port] = await once(other.stdout, 'data');
    const services = start([], { PORT: String(port).trim(), DATABASE_URL: url });
    assert.equal(await services.ended(), 1);
    assert.match(services.stderr, /^Startlist can't start: port \d+ is taken/);
    other.kill();
  });
});
