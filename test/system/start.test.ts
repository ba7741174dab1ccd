import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eachDatabase } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import { createPlace, type Place, type Program, startProgram } from '../support/program.ts';
import {
  book,
  bookingIn,
  type Client,
  createEvent,
  deposit,
  expect,
  signIn,
  signInAdmin,
  tally,
} from '../support/system.ts';

/** How many times slower than promised this machine may be. */
const slack = Number(process.env.TEST_SLACK ?? 1);
const firstStartWithinMs = 10_000 * slack;
const laterStartsWithinMs = 3_000 * slack;
const endsWithinMs = 10_000 * slack;

const programs: Program[] = [];
function start(environment: Readonly<Record<string, string>>): Program {
  const program = startProgram(environment);
  programs.push(program);
  return program;
}
after(() => Promise.all(programs.map((program) => program.end('SIGKILL'))));

describe('a start that can not be ends with one line that says why, and exit code 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-start-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  // Not a hook of this suite, which is not run when other tests alone are asked for by name.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

  async function assertEnds(environment: Readonly<Record<string, string>>, why: RegExp): Promise<void> {
    const { ended, written } = start({ DATA_DIR: join(folder, 'data'), ...environment });
    assert.equal(await ended, 1);
    assert.match(written.stderr, /^Startlist can't start: .+\n$/);
    assert.match(written.stderr, why);
    assert.equal(written.stdout, '');
    assert.ok(!existsSync(join(folder, 'data', 'pglite')), 'no database was made');
  }

  const wrong: readonly (readonly [environment: Readonly<Record<string, string>>, why: RegExp])[] = [
    [{ PORT: 'abc' }, /PORT: must be a whole number from 0 to 65535, not "abc"/],
    [{ PORT: '65536', DEMO: 'yes' }, /PORT: must be .*; DEMO: must be true or false/],
    [{ DATABASE_URL: 'mysql://me:secret@localhost/x' }, /DATABASE_URL: must look like postgres:(?!.*secret)/],
    [{ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' }, /127\.0\.0\.1:1(?!.*secret)/],
    [{ DATA_DIR: file }, /DATA_DIR: the folder \S+file can't be used: \S+file is a file \(set it to/],
    [{ DATA_DIR: '/proc/x/y' }, /DATA_DIR: the folder \/proc\/x\/y can't be used: .+ \(set it to/],
    [{ HOST: 'no.such.host.invalid' }, /HOST: "no\.such\.host\.invalid" is no address of this machine \(set it to/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: must be trace, debug, .+ or silent, not "loud"/],
    [{ NODE_ENV: 'production' }, /ADMIN_PASSWORD: is needed/],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'password' }, /ADMIN_PASSWORD: must not be a password of the demo/],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'short' }, /ADMIN_PASSWORD: must have 8 to 200 characters(?!.*"short)/],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'Password123' }, /ADMIN_PASSWORD: .*be less common(?!.*Password123)/],
  ];
  for (const [environment, why] of wrong) {
    const given = Object.entries(environment).map(([name, value]) => `${name}=${value.replace(folder, '…')}`);
    test(given.join(' '), () => assertEnds(environment, why));
  }

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await assertEnds({ PORT: `${port}` }, new RegExp(`port ${port} is taken`));
    other.close();
  });

  test('a folder that another process has open', async () => {
    const DATA_DIR = join(folder, 'open');
    const first = start({ DATA_DIR });
    await first.ready;
    await assertEnds({ DATA_DIR }, /DATA_DIR: the folder \S+open is in use by another Startlist \(set it to/);
    assert.equal(await first.end('SIGTERM'), 0);
  });
});

eachDatabase((kind) => {
  const places: Place[] = [];
  async function emptyPlace(): Promise<Place> {
    const place = await createPlace(kind);
    places.push(place);
    return place;
  }
  after(() => Promise.all(places.map((place) => place.remove())));

  test('it is ready within 10 s on an empty database, within 3 s later on, and SIGINT ends it', async (t) => {
    const first = await quickestStart(firstStartWithinMs, emptyPlace);
    const later = await quickestStart(laterStartsWithinMs, async () => places[0] as Place);
    t.diagnostic(`${kind}: ready after ${first} ms, later after ${later} ms`);
    assert.ok(first < firstStartWithinMs, `ready after ${first} ms on an empty database`);
    assert.ok(later < laterStartsWithinMs, `ready after ${later} ms`);
  });

  test('SIGTERM amid a load: whatever was stored is answered, and the next start settles it', async (t) => {
    const place = await emptyPlace();
    const program = start(place.environment);
    const client = await program.ready;
    const load: Load = { ids: [], outcomes: [] };
    const over = keepBooking(client, load);
    while (load.ids.length < 200) await delay(5);
    const beganMs = performance.now();
    assert.equal(await program.end('SIGTERM'), 0);
    const endedMs = performance.now() - beganMs;
    await over;
    const outcomes = tally(load.outcomes, (outcome) => outcome);
    t.diagnostic(`${kind}: ended after ${Math.round(endedMs)} ms; ${JSON.stringify(outcomes)}`);
    assert.ok(endedMs < endsWithinMs, `it ended after ${endedMs} ms`);
    assert.ok((outcomes[202] ?? 0) > 0, 'bookings were open when it ended');
    for (const outcome of Object.keys(outcomes)) assert.match(outcome, /^(201|202|503|ECONNREFUSED|ECONNRESET)$/);

    const stored = await place.read<{ id: number; open: boolean }>(
      'select id, due_at is not null as open from book.booking order by id',
    );
    // A call whose connection was closed, or that was answered with 503, has left nothing behind.
    assert.deepEqual(
      stored.map(({ id }) => id),
      load.ids.sort((a, b) => a - b),
    );

    const next = start(place.environment);
    await settled(
      await next.ready,
      stored.filter(({ open }) => open).map(({ id }) => id),
    );
    assert.equal(await next.end('SIGTERM'), 0);
    assert.deepEqual(await place.look(brokenRules), {});
  });
});

test('in production there is one admin with a password of its own, and nobody tops up a balance', async () => {
  const place = await createPlace('PGlite');
  const program = start({ ...place.environment, NODE_ENV: 'production', ADMIN_PASSWORD: 'of its own' });
  const client = await program.ready;
  for (const [login, password] of [
    ['admin', 'password'],
    ['user', 'userpassword'],
    ['admin', ''],
  ]) {
    const { status } = await client.ask('POST', '/login', { body: { login, password } });
    assert.ok(status === 401 || status === 400, `${status}`);
  }
  const { cookie } = await signIn(client, 'admin', 'of its own');
  const refused = await client.ask('PUT', '/account/deposit', { cookie, body: { delta: 1 } });
  assert.equal(refused.status, 403);
  assert.doesNotMatch(program.written.stdout, /userpassword|DEMO|of its own/);
  assert.equal(await program.end('SIGTERM'), 0);
  await place.remove();
});

test('the admin of an earlier start needs no password again, and keeps theirs under the demo, whose banner says so', async () => {
  const place = await createPlace('PGlite');
  const given = { ...place.environment, NODE_ENV: 'production' };
  const first = start({ ...given, ADMIN_PASSWORD: 'of its own' });
  await signIn(await first.ready, 'admin', 'of its own');
  assert.equal(await first.end('SIGTERM'), 0);

  const without = start(given);
  await signIn(await without.ready, 'admin', 'of its own');
  assert.equal(await without.end('SIGTERM'), 0);
  assert.doesNotMatch(without.written.stdout, /ADMIN_PASSWORD/);

  const other = start({ ...given, ADMIN_PASSWORD: 'another one' });
  await signIn(await other.ready, 'admin', 'of its own');
  assert.equal(await other.end('SIGTERM'), 0);
  assert.match(other.written.stdout, /ADMIN_PASSWORD is not the password of admin.+npm run admin -- reset-password/);
  assert.doesNotMatch(other.written.stdout, /another one|of its own/);

  const demo = start(place.environment);
  await signIn(await demo.ready, 'admin', 'of its own');
  assert.equal(await demo.end('SIGTERM'), 0);
  assert.doesNotMatch(demo.written.stdout, /admin \/ password|user \/ userpassword|"password":"password"/);
  assert.match(
    demo.written.stdout,
    /DEMO: .+\n.+password of admin is not good here.+\n.+npm run admin -- reset-password/,
  );
  await place.remove();
});

test('the banner of a demo names its people, and an address that can be opened where it listens on all', async () => {
  const place = await createPlace('PGlite');
  const program = start({ ...place.environment, HOST: '0.0.0.0' });
  await signInAdmin(await program.ready);
  assert.match(
    program.written.stdout,
    /is at http:\/\/127\.0\.0\.1:\d+ [\s\S]*admin \/ password\n +user \/ userpassword\n/,
  );
  assert.equal(await program.end('SIGTERM'), 0);
  await place.remove();
});

/**
 * Starts it up to three times, until it is ready in time: what else the machine does meanwhile passes, and what the
 * start itself has to do does not. @returns the shortest time, in milliseconds.
 */
async function quickestStart(withinMs: number, choose: () => Promise<Place>): Promise<number> {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3 && quickestMs >= withinMs; time += 1) {
    const { environment } = await choose();
    const beganMs = performance.now();
    const program = start(environment);
    const client = await program.ready;
    await expect(200, client.ask('GET', '/ready'));
    quickestMs = Math.min(quickestMs, Math.round(performance.now() - beganMs));
    assert.equal(await program.end('SIGINT'), 0);
    assert.equal(program.written.stderr, '');
  }
  return quickestMs;
}

/** The bookings that were answered, and how each call ended: with a status, or with the error of its connection. */
interface Load {
  readonly ids: number[];
  readonly outcomes: string[];
}

/** Books on 100 connections, again and again, until each is closed or sent away. */
async function keepBooking(client: Client, { ids, outcomes }: Load): Promise<void> {
  const admin = await signInAdmin(client);
  await deposit(client, admin, 1_000_000);
  const eventId = await createEvent(client, admin, { price: 3, slots: 1_000_000 });
  const books = async () => {
    for (;;) {
      const answer = await book(client, admin, eventId).catch((error: NodeJS.ErrnoException) => error);
      outcomes.push(answer instanceof Error ? (answer.code ?? answer.message) : `${answer.status}`);
      if (answer instanceof Error || answer.status === 503) return;
      ids.push(bookingIn(answer).id);
    }
  };
  await Promise.all(Array.from({ length: 100 }, books));
}

/** Waits until bookings have settled; they are due at once, because whoever held them let go of them. */
async function settled(client: Client, ids: readonly number[]): Promise<void> {
  const { cookie } = await signInAdmin(client);
  const beganMs = performance.now();
  for (const id of ids) {
    for (;;) {
      const { status } = await expect<{ status: number }>(200, client.ask('GET', `/book/get/${id}`, { cookie }));
      if (status === 4 || status === -1) break;
      assert.ok(performance.now() - beganMs < 2_000 * slack, `booking ${id} is still ${status}`);
      await delay(20);
    }
  }
}
