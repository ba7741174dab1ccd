import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ReconciliationReport } from '../../../contracts/book/reconciliation.ts';
import { eachDatabase } from '../../support/databases/databases.ts';
import { brokenRules } from '../../support/money.ts';
import {
  book,
  bookingIn,
  type Client,
  createEvent,
  createPeople,
  expect,
  type Person,
  type System,
  signIn,
  signInAdmin,
  startSystem,
} from '../../support/system.ts';
import { farAbove, type Ground, type Mendable, mendable, type Planted, slotFarAbove, unmendable } from './planted.ts';
import { assertClean, Crowd, mend, namesIn, reconcile } from './reconciling.ts';

/** Gives each of the planted a person, events and bookings of its own. */
async function prepareGrounds<Kind extends Planted>(client: Client, admin: Person, plants: readonly Kind[]) {
  const people = await createPeople(client, plants.length, 100);
  const prepare = async (plant: Kind, person: Person) => {
    const eventId = await createEvent(client, admin, { price: 5, slots: 10 });
    const freeEventId = await createEvent(client, admin, { price: 0, slots: 10 });
    const bookAt = async (event: number) => bookingIn(await book(client, person, event)).id;
    const [complete, other, free] = [await bookAt(eventId), await bookAt(eventId), await bookAt(freeEventId)];
    const canceled = await bookAt(eventId);
    const body = { booking_id: canceled };
    await expect(200, client.ask('POST', '/book/cancel', { cookie: person.cookie, body }));
    const ground: Ground = { personId: person.id, eventId, freeEventId, complete, other, free, canceled };
    return { plant, ground };
  };
  return Promise.all(plants.map((plant, index) => prepare(plant, people[index] as Person)));
}

const nothing = {
  ...{ reoccupied: 0, canceled: 0, refunding: 0, slots_released: 0, payments_refunded: 0 },
  unsettled: 0,
};

eachDatabase((_kind, open) => {
  const systems: System[] = [];
  after(async () => {
    for (const system of systems) await system.stop();
  });
  async function start<Kind extends Planted>(plants: readonly Kind[]) {
    const database = await open();
    const system = await startSystem(database);
    systems.push(system);
    const admin = await signInAdmin(system.client);
    const grounds = await prepareGrounds(system.client, admin, plants);
    const run = (sql: string) => database.connection((connection) => connection.script(sql));
    return { client: system.client, database, admin, grounds, run };
  }
  const sorted = (names: readonly string[]) => [...names].sort();

  test('who is no admin is told nothing', async () => {
    const { client } = await start([]);
    const { cookie } = await signIn(client, 'user', 'userpassword');
    assert.equal((await client.ask('GET', '/book/reconciliation')).status, 401);
    assert.equal((await client.ask('GET', '/book/reconciliation', { cookie })).status, 403);
    assert.equal((await client.ask('POST', '/book/reconciliation/mend', { cookie })).status, 403);
  });

  describe('what a restore leaves behind is named, that and nothing else, and mended', () => {
    let started: Awaited<ReturnType<typeof start<Mendable>>>;
    let named: string[];
    let report: ReconciliationReport;
    before(async () => {
      started = await start(mendable);
      const { client, admin, grounds, run } = started;
      const healthy = await reconcile(client, admin);
      assertClean(healthy);
      const each = grounds.length;
      const { bookings, slots, payments, events, accounts, transfers } = healthy.checked;
      assert.deepEqual([bookings, slots, payments], [4 * each, 4 * each, 4 * each]);
      assert.deepEqual([events, accounts, transfers], [2 * each, each, 5 * each]);
      const { mended, ...afterwards } = await mend(client, admin);
      assertClean(afterwards);
      assert.deepEqual(mended, nothing);
      for (const { plant, ground } of grounds) await run(plant.sql(ground));
      await run(slotFarAbove((grounds[0] as { ground: Ground }).ground));
      named = namesIn(await reconcile(client, admin));
      report = await mend(client, admin);
    });
    for (const [index, { title, named: namedIn, ends }] of mendable.entries()) {
      test(title, async () => {
        const { client, admin, grounds } = started;
        const { ground } = grounds[index] as { ground: Ground };
        const own = new Set([ground.complete, ground.other, ground.free, ground.canceled]);
        const ownNames = named.filter((name) => own.has(Number(/of booking (\d+)/.exec(name)?.[1])));
        assert.deepEqual(ownNames, namedIn(ground));
        if (ends === undefined) return;
        const { booking, ...expected } = ends;
        const found = await client.ask('GET', `/book/get/${ground[booking]}`, { cookie: admin.cookie });
        const { status, reason } = bookingIn(found);
        assert.deepEqual({ status, ...(reason && { reason }) }, expected);
      });
    }

    test('nobody else is named', () => {
      const expected = started.grounds.flatMap(({ plant, ground }) => plant.named(ground));
      assert.deepEqual(sorted(named), sorted([...expected, `slot_without_booking of booking ${farAbove}`]));
    });

    test('the mending says what it did, once, and everything agrees afterwards', async () => {
      const { client, admin, database } = started;
      const count = (kind: Mendable['mended']) => mendable.filter(({ mended }) => mended === kind).length;
      // Whether book had noticed by itself that its ids were behind is a matter of moments.
      const { ids: _, ...mended } = report.mended ?? {};
      assert.deepEqual(mended, {
        reoccupied: count('reoccupied'),
        canceled: count('canceled'),
        // The one whose slot was sold is refunded in a second round.
        refunding: count('refunding') + 1,
        slots_released: count('undone') + 1,
        payments_refunded: count('undone'),
        unsettled: 0,
      });
      assertClean(report);
      assert.deepEqual(await brokenRules(database), {});
      assert.deepEqual((await mend(client, admin)).mended, nothing);
    });

    test('the next booking has an id that no participant knows', async () => {
      const { client, admin, grounds } = started;
      const { eventId } = (grounds[0] as { ground: Ground }).ground;
      assert.equal(bookingIn(await book(client, admin, eventId)).id, farAbove + 1);
    });
  });

  test('what people must put right is named, that and nothing else, and left alone by a mending', async () => {
    const { client, admin, grounds, run } = await start(unmendable);
    for (const { plant, ground } of grounds) await run(plant.sql(ground));
    const expected = sorted(grounds.flatMap(({ plant, ground }) => plant.named(ground)));
    assert.deepEqual(sorted(namesIn(await reconcile(client, admin))), expected);
    const { mended, ...afterwards } = await mend(client, admin);
    assert.deepEqual(mended, nothing);
    assert.deepEqual(sorted(namesIn(afterwards)), expected);
  });

  test('a booking is named when it has been open for more than a minute, and not before', async () => {
    const { client, admin, run } = await start([]);
    const ago = (seconds: number) => `'${new Date(Date.now() - seconds * 1_000).toISOString()}'`;
    const never = `'2126-01-01'`;
    await run(`
      insert into book.booking (person_id, event_id, status, due_at, occupying_at, refunding_at)
      values (1, 1, 1, ${never}, ${ago(65)}, null), (1, 1, 1, ${never}, ${ago(30)}, null),
             (1, 1, -3, ${never}, ${ago(900)}, ${ago(65)}), (1, 1, -3, ${never}, ${ago(900)}, ${ago(30)})`);
    const report = await reconcile(client, admin);
    assert.deepEqual(namesIn(report), ['open_too_long of booking 1', 'open_too_long of booking 3']);
    assert.equal(report.open, 4);
  });

  test('the same kind of run is shared, and the other waits for its end', async () => {
    const { client, admin, run } = await start([]);
    // With something to be read again, a run takes a moment.
    await run(`insert into events.slot (booking_id, event_id, person_id, state, price, decided_at)
               values (1, 1, 1, 'granted', 5, '2026-01-01')`);
    const checks = Array.from({ length: 5 }, () => reconcile(client, admin));
    const reports = await Promise.all([...checks, mend(client, admin)]);
    assert.deepEqual(
      reports.map(({ clean }) => clean),
      [...Array(5).fill(false), true],
    );
    const begun = reports.map(({ began_at }) => began_at);
    assert.deepEqual(begun.slice(0, 5), Array(5).fill(begun[0]));
    assert.ok((begun[5] ?? '') > (begun[0] ?? ''));
    const mending = reports.filter(({ mended }) => mended !== undefined);
    assert.deepEqual(mending, [reports[5]]);
  });
});

eachDatabase((_kind, open) => {
  let system: System;
  let crowd: Crowd;
  before(async () => {
    system = await startSystem(await open());
    crowd = await Crowd.gather(system.client);
  });
  after(() => system.stop());

  test('under a load of bookings and cancellations nobody is named, however often it is asked', async (t) => {
    crowd.begin();
    let underWay = 0;
    let runs = 0;
    for (; runs < 20 || crowd.asked < 1_500; runs += 1) {
      const report = await reconcile(crowd.client, crowd.admin);
      assertClean(report);
      underWay += report.open;
    }
    const { mended } = await mend(crowd.client, crowd.admin);
    assert.deepEqual([...new Set(Object.values(mended ?? {}))], [0]);
    await crowd.rest();
    t.diagnostic(`${runs} runs amid ${crowd.asked} bookings met ${underWay} in flight`);
    assert.ok(underWay > 0, 'no booking was in flight');
    assertClean(await reconcile(crowd.client, crowd.admin));
    assert.deepEqual(await brokenRules(system.database), {});
  });
});

describe('npm run reconcile', () => {
  const program = fileURLToPath(new URL('../../../programs/reconcile/main.ts', import.meta.url));
  async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
    const { FORCE_COLOR: _, ADMIN_PASSWORD: __, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output, errors };
  }

  eachDatabase((_kind, open) => {
    let system: System;
    before(async () => {
      system = await startSystem(await open());
      const admin = await signInAdmin(system.client);
      await createEvent(system.client, admin, { price: 0, slots: 10 });
      await expect(201, book(system.client, admin, 1));
    });
    after(() => system.stop());

    test('where all is well it prints what was counted, and exits with 0', async () => {
      const { code, output, errors } = await run(system.client.address);
      assert.equal(code, 0, output + errors);
      assert.match(output, /^http\S+: everything agrees \(\d+\.\d s\)\n\n +bookings +slots /);
      assert.ok(!output.includes('\u001b'), 'without a terminal there are no colors');
      assert.equal(errors, '');
    });

    test('who is named is printed, and the exit code is 1; mended, it is 0 and says what it did', async () => {
      await system.database.query('delete from account.payment');
      const named = await run(system.client.address, '--password', 'password');
      assert.equal(named.code, 1, named.output + named.errors);
      assert.match(named.output, /: 1 found /);
      assert.match(named.output, /\n {2}payment_missing {3}booking 1 {3}it is complete and was not paid\n/);
      const mended = await run('--mend', system.client.address);
      assert.equal(mended.code, 0, mended.output + mended.errors);
      assert.match(mended.output, /^Mended:\n {2}1 complete bookings without slot or payment are occupying again\n\n/);
      const again = await run('--mend', system.client.address);
      assert.match(again.output, /^Nothing was to be mended\.\n/);
      assert.equal(again.code, 0);
    });

    test('with a wrong password there is no report: one line, and exit code 2', async () => {
      const { code, output, errors } = await run(system.client.address, '--password', 'wrong');
      assert.deepEqual({ code, output }, { code: 2, output: '' });
      assert.match(errors, /^npm run reconcile: http\S+ does not let admin in with this password\n$/);
    });
  });

  test('where nobody answers, and with wrong arguments, it says so in one line and exits with 2', async () => {
    const wrong: [args: string[], message: RegExp][] = [
      [['http://127.0.0.1:1'], /can't be asked: its port is kept/],
      [[], /the address is missing/],
      [['nowhere'], /one http address/],
      [['http://127.0.0.1:1', 'http://127.0.0.1:1'], /one http address/],
      [['http://127.0.0.1:1', '--repair'], /--repair/],
    ];
    for (const [args, message] of wrong) {
      const { code, output, errors } = await run(...args);
      assert.deepEqual({ code, output }, { code: 2, output: '' }, args.join(' '));
      assert.match(errors, message);
      assert.match(errors, /^npm run reconcile: [^\n]+\n$/);
    }
    const { npm_config_mend: before } = process.env;
    process.env.npm_config_mend = 'true';
    const { code, errors } = await run('http://127.0.0.1:1');
    if (before === undefined) delete process.env.npm_config_mend;
    else process.env.npm_config_mend = before;
    assert.equal(code, 2);
    assert.match(errors, /^npm run reconcile: npm kept --mend for itself: put -- first [^\n]+\n$/);
    const help = await run('--help');
    assert.equal(help.code, 0);
    assert.match(help.output, /--mend/);
  });
});
