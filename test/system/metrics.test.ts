import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bookingSaga } from '../../book/saga/table.ts';
import { createRegistry } from '../../platform/telemetry/metrics.ts';
import { targets } from '../../saga/table.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { createPlace, startProgram } from '../support/program.ts';
import { readSamples, sampled } from '../support/scrape.ts';
import { Alone } from '../support/services.ts';
import {
  book,
  bookingIn,
  createEvent,
  deposit,
  expect,
  type Person,
  signInAdmin,
  withSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

eachDatabase((_kind, open) => {
  const measured = withMetrics(open);
  settledBookings(measured);
  requestsAndLimits(measured);
});

type Measured = ReturnType<typeof withMetrics>;

/** A Startlist with metrics, whose admin has money for two bookings. `read` returns the current samples. */
function withMetrics(open: Open) {
  const registry = createRegistry();
  let admin: Person;
  const system = withSystem(open, {
    registry,
    async prepare({ client }) {
      admin = await signInAdmin(client);
      await deposit(client, admin, 20);
    },
  });
  return { system, admin: () => admin, read: async () => readSamples(await registry.metrics()) };
}

/** Tests of the metrics of settled bookings. The first test makes the bookings that all of them count. */
function settledBookings({ system, admin, read }: Measured): void {
  test('each transition of a booking is counted, cancellations included', async () => {
    const eventId = await createEvent(system.client, admin(), { price: 10, slots: 3 });
    const bookings = [];
    for (let time = 0; time < 4; time += 1) bookings.push(bookingIn(await book(system.client, admin(), eventId)));
    assert.deepEqual(
      bookings.map(({ status }) => status),
      [4, 4, -1, -1],
    );
    const body = { booking_id: bookings[0]?.id };
    await expect(200, system.client.ask('POST', '/book/cancel', { cookie: admin().cookie, body }));
    const samples = await read();
    const moved = (from: string, to: string) => sampled(samples, 'startlist_booking_moves_total', { from, to });
    assert.deepEqual(
      [moved('occupying', 'paying'), moved('paying', 'complete'), moved('paying', 'releasing')],
      [4, 2, 2],
    );
    assert.deepEqual(
      [moved('complete', 'refunding'), moved('refunding', 'releasing'), moved('releasing', 'canceled')],
      [1, 1, 3],
    );
    assert.equal(moved('occupying', 'refunding'), 0);
    const arrows = bookingSaga.states.flatMap((from) => targets(bookingSaga.table[from]).map((to) => [from, to]));
    assert.equal(samples.filter(({ name }) => name === 'startlist_booking_moves_total').length, arrows.length);
  });

  test('bookings are counted by outcome, with the time that they took', async () => {
    const samples = await read();
    const settled = (state: string, reason: string) =>
      sampled(samples, 'startlist_bookings_settled_total', { state, reason });
    assert.deepEqual(
      [settled('complete', 'none'), settled('canceled', 'insufficient_funds'), settled('canceled', 'by_owner')],
      [2, 2, 1],
    );
    assert.equal(sampled(samples, 'startlist_bookings_created_total'), 4);
    assert.equal(sampled(samples, 'startlist_booking_settle_seconds_count'), 5);
    const sum = sampled(samples, 'startlist_booking_settle_seconds_sum');
    assert.ok(sum > 0 && sum < 5 * 60, `${sum} s in total`);
  });

  test('each action reports its batch sizes and durations', async () => {
    const samples = await read();
    for (const [action, count] of Object.entries({ occupy: 4, pay: 4, refund: 1, release: 3 })) {
      assert.equal(sampled(samples, 'startlist_step_set_size_sum', { action }), count);
      assert.ok(sampled(samples, 'startlist_step_duration_seconds_count', { action }) > 0);
    }
  });
}

function requestsAndLimits({ system, admin, read }: Measured): void {
  test('requests are counted by route pattern, regardless of the number of paths', async () => {
    for (let id = 1; id <= 50; id += 1) {
      await system.client.ask('GET', `/book/get/${id}`, { cookie: admin().cookie });
      await system.client.ask('GET', `/nothing/${id}`);
    }
    const counts = (await read()).filter(({ name }) => name === 'startlist_http_request_duration_seconds_count');
    const routes = new Set(counts.map(({ labels }) => labels.route));
    assert.ok(routes.has('/book/get/:id') && routes.has('none'));
    assert.deepEqual(
      [...routes].filter((route) => /\d/.test(route ?? '')),
      [],
    );
    assert.equal(sampled(counts, counts[0]?.name ?? '', { route: 'none', status: '404' }), 50);
  });

  test('open bookings in the database are reported by state, with the age of the oldest', async () => {
    assert.equal(sampled(await read(), 'startlist_booking_oldest_open_seconds'), 0);
    const ago = (ms: number) => new Date(Date.now() - ms);
    await system.database.query(
      `insert into book.booking (person_id, event_id, status, attempts, occupying_at, due_at)
       values (1, 1, 1, 0, $1, $3), (1, 1, 1, 2, $2, $3)`,
      [ago(90_000), ago(5_000), new Date(Date.now() + 600_000)],
    );
    let samples = await read();
    // The queried age is cached for a second, so that scrapes at the same time share one query.
    await until('the age is queried again', async () => {
      samples = await read();
      return sampled(samples, 'startlist_booking_oldest_open_seconds') > 0;
    });
    const oldest = sampled(samples, 'startlist_booking_oldest_open_seconds');
    assert.ok(oldest >= 90 && oldest < 150, `${oldest} s`);
    assert.equal(sampled(samples, 'startlist_bookings_open', { state: 'occupying' }), 2);
    assert.equal(sampled(samples, 'startlist_bookings_stuck', { state: 'occupying' }), 1);
    assert.equal(sampled(samples, 'startlist_bookings_open', { state: 'paying' }), 0);
    await system.database.query('delete from book.booking where due_at > $1', [new Date(Date.now() + 60_000)]);
  });

  test('the limits of a process are reported along with their use', async () => {
    const samples = await read();
    assert.equal(sampled(samples, 'startlist_bookings_held', { kind: 'live' }), 0);
    assert.equal(sampled(samples, 'startlist_bookings_held_limit', { kind: 'live' }), 10_000);
  });
}

describe('the internal port', () => {
  const bearer = { authorization: 'Bearer the token of this test' };

  test('all four services in one process serve metrics there, to requests with the token', async () => {
    const environment = { INTERNAL_PORT: '0', SERVICE_TOKEN: 'the token of this test', LOG_LEVEL: 'info' };
    const place = await createPlace('PGlite');
    const program = startProgram({ ...environment, ...place.environment });
    try {
      const client = await program.ready;
      const [, address = ''] = /"internal":"([^"]+)"/.exec(program.written.stdout) ?? [];
      const internal = new URL(address);
      const { port } = internal;
      const get = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/metrics`, { headers });
      assert.equal((await get({})).status, 401);
      assert.equal((await client.ask('GET', '/metrics', { headers: bearer })).status, 404);
      const answer = await get(bearer);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      const samples = readSamples(await answer.text());
      const database = 'auth,events,account,book';
      assert.equal(sampled(samples, 'startlist_database_waiting', { database }), 0);
      assert.ok(sampled(samples, 'process_resident_memory_bytes') > 0);
      assert.ok(samples.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds'));
    } finally {
      await program.end('SIGTERM');
      await place.remove();
    }
  });

  test('an internal port without a token is an invalid setting', async () => {
    const program = startProgram({ INTERNAL_PORT: '0' });
    assert.equal(await program.ended, 1);
    assert.match(program.written.stderr, /SERVICE_TOKEN: is required when INTERNAL_PORT is set/);
  });

  test('a single service serves its own metrics, those of its database included', async () => {
    const place = await createPlace('PGlite');
    const alone = new Alone('book', { SERVICE_TOKEN: 'the token of this test', ...place.environment });
    try {
      const internal = await alone.internal;
      const read = async () => readSamples((await internal.ask('GET', '/metrics', { headers: bearer })).text);
      assert.equal((await internal.ask('GET', '/metrics')).status, 401);
      const samples = await read();
      assert.equal(sampled(samples, 'startlist_participant_away', { participant: 'events' }), 0);
      assert.equal(sampled(samples, 'startlist_bookings_open', { state: 'occupying' }), 0);
      assert.equal(sampled(samples, 'startlist_database_waiting', { database: 'book' }), 0);
    } finally {
      await alone.end('SIGTERM');
      await place.remove();
    }
  });
});
