import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { BookingAnswer } from '../../../contracts/book/schemas.ts';
import type { Database } from '../../../platform/database/database.ts';
import { eachDatabase, type Open } from '../../support/databases/databases.ts';
import { root } from '../../support/sources.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  type Person,
  readBalance,
  type System,
  signIn,
  signInAdmin,
  startSystem,
} from '../../support/system.ts';
import { until } from '../../support/until.ts';
import { assertClean, mend, namesIn, reconcile } from './reconciling.ts';

/** An id that a client may send but that was never issued. */
const madeUp = Number.MAX_SAFE_INTEGER;

/** For each service: the statement in docs/operations.md that makes a restored database skip ids. */
const skips = new Map(
  [...readFileSync(join(root, 'docs/operations.md'), 'utf8').matchAll(/select setval\('(\w+)\.[^"`|]*/g)].map(
    ([statement, service]) => [service, statement],
  ),
);

/** Restores auth to the moment before a person was created, including the sequence of its ids. */
async function loseFrom(database: Database, person: Person): Promise<void> {
  await database.query('delete from auth.session where person_id >= $1', [person.id]);
  await database.query('delete from auth.person where id >= $1', [person.id]);
  await database.query(`select setval('auth.person_id_seq', $1)`, [person.id - 1]);
}

/** Restores events to the moment before an event was created. */
async function loseEvent(database: Database, eventId: number): Promise<void> {
  await database.query('delete from events.slot where event_id >= $1', [eventId]);
  await database.query('delete from events.event where id >= $1', [eventId]);
  await database.query(`select setval('events.event_id_seq', $1)`, [eventId - 1]);
}

/** Waits until the sequence will issue only ids above this one. */
async function raisedTo(database: Database, sequence: string, id: number): Promise<void> {
  await until(`${sequence} continues above ${id}`, async () => {
    const [row] = await database.query<{ last: number }>(`select last_value as last from ${sequence}`);
    return (row?.last ?? 0) >= id;
  });
}

eachDatabase((_kind, open) => {
  const restored = withRestored(open);

  test('auth restored without a person who has money, bookings and an event: no new person gets that id', async () => {
    const { client, admin, database } = restored;
    const [lost] = (await createPeople(client, 1, 100, 'lost')) as [Person];
    const role = { cookie: admin.cookie, body: { role: 'organizer' } };
    await expect(200, client.ask('PUT', `/auth/people/${lost.id}/role`, role));
    // A new session, because the old one is cached for a moment, with the role that its person had.
    const organizer = await signIn(client, lost.login, 'password 0');
    const eventId = await createEvent(client, organizer, { price: 5, slots: 10 });
    assert.equal(bookingIn(await book(client, lost, eventId)).status, 4);

    await restored.restart(() => loseFrom(database, lost));
    await raisedTo(database, 'auth.person_id_seq', lost.id);
    const [stranger] = (await createPeople(restored.client, 1, 0, 'stranger')) as [Person];
    assert.ok(stranger.id > lost.id, `${stranger.id}`);
    assert.equal(await readBalance(restored.client, stranger), 0);
    const own = await expect<BookingAnswer[]>(
      200,
      restored.client.ask('GET', '/book/get', { cookie: stranger.cookie }),
    );
    assert.deepEqual(own, []);
    const named = [`organizer_unknown of event ${eventId}`, `person_unknown of person ${lost.id}`];
    assert.deepEqual(namesIn(await reconcile(restored.client, admin)), named);
    assert.deepEqual(
      namesIn(await mend(restored.client, admin)),
      named,
      'only people can decide about the lost person',
    );
  });

  test('events restored without an event that is booked: no new event gets its id, and its bookings are refunded', async () => {
    const { client, admin, database } = restored;
    const [person] = (await createPeople(client, 1, 100)) as [Person];
    const eventId = await createEvent(client, admin, { price: 5, slots: 10 });
    const { id } = bookingIn(await book(client, person, eventId));

    await restored.restart(() => loseEvent(database, eventId));
    await raisedTo(database, 'events.event_id_seq', eventId);
    const other = await createEvent(restored.client, admin, { price: 5, slots: 10 });
    assert.ok(other > eventId, `${other}`);
    assertClean(await mend(restored.client, admin));
    const { status, reason } = bookingIn(
      await restored.client.ask('GET', `/book/get/${id}`, { cookie: person.cookie }),
    );
    assert.deepEqual([status, reason], [-1, 'no_such_event']);
    assert.equal(await readBalance(restored.client, person), 100);
  });

  test('under running processes auth and events receive the highest ids within seconds', async () => {
    const { client, admin, database } = restored;
    const [lost] = (await createPeople(client, 1, 100, 'lost')) as [Person];
    const eventId = await createEvent(client, admin, { price: 5, slots: 10 });
    assert.equal(bookingIn(await book(client, lost, eventId)).status, 4);
    await Promise.all([loseFrom(database, lost), loseEvent(database, eventId)]);
    await raisedTo(database, 'auth.person_id_seq', lost.id);
    await raisedTo(database, 'events.event_id_seq', eventId);
  });

  test('an invented event id uses up no ids, regardless of the outcome of the booking', async () => {
    const { admin, database } = restored;
    const [person] = (await createPeople(restored.client, 1, 100)) as [Person];
    const { id, reason } = bookingIn(await book(restored.client, person, madeUp));
    assert.equal(reason, 'no_such_event');
    // Inserts the mark that account would have stored if the booking had been canceled while active.
    await database.query(
      `insert into account.payment (booking_id, event_id, person_id, state, decided_at)
       values ($1, $2, $3, 'undone', '2026-01-01')`,
      [id, madeUp, person.id],
    );
    await restored.restart(async () => {});
    assertClean(await mend(restored.client, admin));
    assert.ok((await createEvent(restored.client, admin, { price: 5, slots: 10 })) < 1_000);
  });

  test('by the statements of docs/operations.md each restored database skips the ids that it may have issued', async () => {
    const { admin, database } = restored;
    const give = async (name: string) => {
      const [person] = (await createPeople(restored.client, 1, 100, name)) as [Person];
      const eventId = await createEvent(restored.client, admin, { price: 5, slots: 10 });
      const booking = bookingIn(await book(restored.client, person, eventId));
      assert.equal(booking.status, 4);
      return { auth: person.id, events: eventId, book: booking.id };
    };
    const before = await give('early');
    await restored.restart(async () => {
      assert.deepEqual([...skips.keys()].toSorted(), ['auth', 'book', 'events']);
      for (const statement of skips.values()) await database.query(statement);
    });
    const after = await give('late');
    for (const service of ['auth', 'events', 'book'] as const) {
      assert.ok(after[service] > before[service] + 1_000_000, `${service}: ${after[service]}`);
    }
    assertClean(await reconcile(restored.client, admin));
  });
});

/** The fixture of the suite: a system on a new database for each test. Its properties can be read in tests only. */
function withRestored(open: Open) {
  let database: Database;
  let system: System;
  let admin: Person;
  beforeEach(async () => {
    database = await open();
    system = await startSystem(database);
    admin = await signInAdmin(system.client);
    // The event that a test loses must not be the first one.
    await createEvent(system.client, admin, { price: 5, slots: 10 });
  });
  afterEach(() => system.stop());
  return {
    get database() {
      return database;
    },
    get client() {
      return system.client;
    },
    get admin() {
      return admin;
    },
    /** Stops the system, restores the database, and starts the system again. */
    async restart(restore: () => Promise<unknown>): Promise<void> {
      await system.stop();
      await restore();
      system = await startSystem(database);
    },
  };
}
