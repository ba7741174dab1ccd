import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eachDatabase } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import { createPlace, type Place, startPrograms } from '../support/program.ts';
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
import { until } from '../support/until.ts';

const start = startPrograms();

eachDatabase((kind) => {
  const places: Place[] = [];
  async function emptyPlace(): Promise<Place> {
    const place = await createPlace(kind);
    places.push(place);
    return place;
  }
  after(() => Promise.all(places.map((place) => place.remove())));

  test('SIGTERM under load: every stored booking is answered, and the next start settles it', async (t) => {
    const place = await emptyPlace();
    const program = start(place.environment);
    const client = await program.ready;
    const load: Load = { ids: [], outcomes: [] };
    const over = keepBooking(client, load);
    while (load.ids.length < 200) await delay(5);
    assert.equal(await program.end('SIGTERM'), 0);
    await over;
    const outcomes = tally(load.outcomes, (outcome) => outcome);
    t.diagnostic(`${kind}: ${JSON.stringify(outcomes)}`);
    assert.ok((outcomes[202] ?? 0) > 0, 'no booking was open when the process ended');
    for (const outcome of Object.keys(outcomes)) assert.match(outcome, /^(201|202|503|ECONNREFUSED|ECONNRESET)$/);

    const stored = await place.read<{ id: number; open: boolean }>(
      'select id, due_at is not null as open from book.booking order by id',
    );
    // A call whose connection was closed, or that was answered with 503, has stored nothing.
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

test('in production the only account is the admin with ADMIN_PASSWORD, and deposits are refused', async () => {
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

test('an existing admin keeps their password on later starts, also in the demo, and its banner says so', async () => {
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
    /DEMO: .+\n.+demo password of admin does not work.+\n.+npm run admin -- reset-password/,
  );
  await place.remove();
});

test('the banner of a demo names its people, and an address that can be opened even if it listens on all', async () => {
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

/** The ids of bookings in answers, and how each call ended: with a status or with a connection error. */
interface Load {
  readonly ids: number[];
  readonly outcomes: string[];
}

/** Books on 100 connections. Each stops after a connection error or an answer of 503. */
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

/** Waits until the bookings have settled. They are due at once, because the previous process returned its leases. */
async function settled(client: Client, ids: readonly number[]): Promise<void> {
  const { cookie } = await signInAdmin(client);
  for (const id of ids) {
    await until(`booking ${id} settles`, async () => {
      const { status } = await expect<{ status: number }>(200, client.ask('GET', `/book/get/${id}`, { cookie }));
      return status === 4 || status === -1;
    });
  }
}
