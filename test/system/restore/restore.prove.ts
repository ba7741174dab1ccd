import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReconciliationReport } from '../../../contracts/book/reconciliation.ts';
import type { Database } from '../../../platform/database/database.ts';
import { bringBack, type Copied, copyTables } from '../../support/databases/copies.ts';
import { eachDatabase, type Open } from '../../support/databases/databases.ts';
import { brokenRules } from '../../support/money.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  type Person,
  type System,
  startSystem,
} from '../../support/system.ts';
import { assertClean, Crowd, mend, reconcile } from './reconciling.ts';

/** This many bookings are made before the copy, as many between copy and restore, and as many after the restore. */
const each = 300;

eachDatabase((_kind, open) => {
  const ground = withGround(open);

  test('book restored from an older copy, and started: repaired, and no booking meets an old one’s record', async (t) => {
    await restore(ground, 'book', () => ground.stop());
    const known = await highest(ground.database);
    await ground.start();
    const { crowd } = ground;
    // Even before a repair, the id of the first new booking is above all ids that the participants know.
    const early = bookingIn(await book(crowd.client, crowd.people[0] as Person, crowd.eventIds[2] as number));
    assert.deepEqual([early.id > known, early.status], [true, 4]);
    const found = await reconcile(crowd.client, crowd.admin);
    assert.ok(found.found > 0, 'the copy was as new as the other databases');
    const report = await mend(crowd.client, crowd.admin);
    t.diagnostic(`${found.found} found; ${JSON.stringify(report.mended)}`);
    await assertMended(ground, report);
    await assertGoesOn(ground, known);
  });

  test('book restored under running processes: repaired, and no booking meets an old one’s record', async (t) => {
    const { crowd } = ground;
    await restore(ground, 'book');
    const known = await highest(ground.database);
    const report = await mend(crowd.client, crowd.admin);
    t.diagnostic(JSON.stringify(report.mended));
    await assertMended(ground, report);
    await assertGoesOn(ground, known);
  });

  test('account restored from an older copy: complete bookings are paid again, or end canceled', async (t) => {
    const { crowd } = ground;
    const [poor] = (await createPeople(crowd.client, 1, 0, 'poor')) as [Person];
    const eventId = crowd.eventIds[0] as number;
    let bought = 0;
    await restore(ground, 'account', async () => {
      // The copy lacks both the deposit and the payment. Without the deposit the booking cannot be paid again.
      await expect(200, crowd.client.ask('PUT', '/account/deposit', { cookie: poor.cookie, body: { delta: 5 } }));
      const answer = bookingIn(await book(crowd.client, poor, eventId));
      assert.equal(answer.status, 4);
      bought = answer.id;
    });
    const report = await mend(crowd.client, crowd.admin);
    t.diagnostic(JSON.stringify(report.mended));
    assert.ok((report.mended?.reoccupied ?? 0) > 0);
    await assertMended(ground, report);
    const ended = bookingIn(await crowd.client.ask('GET', `/book/get/${bought}`, { cookie: crowd.admin.cookie }));
    assert.deepEqual([ended.status, ended.reason], [-1, 'insufficient_funds']);
    await assertGoesOn(ground, await highest(ground.database));
  });

  test('events restored from an older copy: slots are taken again, and a booking whose slot was sold is refunded', async (t) => {
    const { crowd } = ground;
    const people = await createPeople(crowd.client, 4, 100, 'late');
    const [first, second, ...others] = people as [Person, Person, ...Person[]];
    const few = await createEvent(crowd.client, crowd.admin, { price: 9, slots: 2 });
    const bookings: number[] = [];
    await restore(ground, 'events', async () => {
      for (const person of [first, second]) bookings.push(bookingIn(await book(crowd.client, person, few)).id);
    });
    // The copy has the event but none of its granted slots, so the slots are sold again.
    for (const person of others) assert.equal(bookingIn(await book(crowd.client, person, few)).status, 4);
    const report = await mend(crowd.client, crowd.admin);
    t.diagnostic(JSON.stringify(report.mended));
    assert.ok((report.mended?.reoccupied ?? 0) > 0);
    await assertMended(ground, report);
    for (const id of bookings) {
      const ended = bookingIn(await crowd.client.ask('GET', `/book/get/${id}`, { cookie: crowd.admin.cookie }));
      assert.deepEqual([ended.status, ended.reason], [-1, 'no_slots']);
    }
    await assertGoesOn(ground, await highest(ground.database));
  });
});

type Ground = ReturnType<typeof withGround>;

/** The fixture of the suite: a system that can be stopped, and its crowd. Its properties can be read in tests only. */
function withGround(open: Open) {
  let database: Database;
  let system: System;
  let crowd: Crowd;
  before(async () => {
    database = await open();
    system = await startSystem(database);
    crowd = await Crowd.gather(system.client);
  });
  after(() => system.stop());
  return {
    get database() {
      return database;
    },
    get crowd() {
      return crowd;
    },
    async stop(): Promise<void> {
      crowd.client.close();
      await system.stop();
    },
    async start(): Promise<void> {
      system = await startSystem(database);
      crowd = crowd.at(system.client);
    },
  };
}

/** Copies the tables of a service under load, lets the load and `meanwhile` go on, and restores the copy. */
async function restore(
  { database, crowd }: Ground,
  service: Copied,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  crowd.begin();
  await crowd.more(each);
  await copyTables(database, service);
  await crowd.more(each);
  await crowd.rest();
  await meanwhile();
  await settled(database);
  await bringBack(database, service);
}

/** Waits until no booking is active. */
async function settled(database: Database): Promise<void> {
  const count = 'select count(*) as open from book.booking where due_at is not null';
  while (((await database.query<{ open: number }>(count))[0]?.open ?? 0) > 0) {
    await delay(20);
  }
}

/** The highest booking id that a participant knows. */
async function highest(database: Database): Promise<number> {
  const [known] = await database.query<{ id: number }>(
    'select greatest((select max(booking_id) from events.slot), (select max(booking_id) from account.payment)) as id',
  );
  return known?.id ?? 0;
}

async function assertMended({ database, crowd }: Ground, report: ReconciliationReport): Promise<void> {
  assert.equal(report.mended?.unsettled, 0);
  assertClean(report);
  await settled(database);
  assert.deepEqual(await brokenRules(database), {});
  const { ids: _, ...again } = (await mend(crowd.client, crowd.admin)).mended ?? {};
  assert.deepEqual([...new Set(Object.values(again))], [0]);
}

/** Books again, and checks that every booking settles, with an id that no participant knew before. */
async function assertGoesOn({ database, crowd }: Ground, above: number): Promise<void> {
  crowd.begin();
  await crowd.more(each);
  await crowd.rest();
  await settled(database);
  const [first] = await database.query<{ shared: number }>(
    `select count(*) as shared
       from book.booking as b
       join (select booking_id, person_id, event_id from events.slot
             union all
             select booking_id, person_id, event_id from account.payment) as known on known.booking_id = b.id
      where (known.person_id, known.event_id) is distinct from (b.person_id, b.event_id)`,
  );
  assert.equal(first?.shared, 0, 'a booking met the record of another');
  const body = { event_id: crowd.eventIds[0] };
  const call = { cookie: crowd.admin.cookie, body };
  const booking = bookingIn(await crowd.client.ask('POST', '/book/create', call));
  assert.ok(booking.id > above, `${booking.id} is not above ${above}`);
  assertClean(await reconcile(crowd.client, crowd.admin));
  assert.deepEqual(await brokenRules(database), {});
}
