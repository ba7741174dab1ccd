import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { createRegistry } from '../../platform/telemetry/metrics.ts';
import { createDatabase, skipWithoutPostgres } from '../support/databases/databases.ts';
import { isLong } from '../support/long.ts';
import { medianRatio } from '../support/pairs.ts';
import { book, createEvent, type Person, type System, signInAdmin, startSystem } from '../support/system.ts';

const clients = 64;
const bookings = 4_096;
const rounds = isLong ? 28 : 12;

setFlagsFromString('--expose-gc');
/** Collects garbage. It runs before each measurement, which would otherwise include the garbage of the previous one. */
const collectGarbage = runInNewContext('gc') as () => void;

/** A Startlist to put under load: its admin books at the event. */
interface Loaded {
  readonly system: System;
  readonly admin: Person;
  readonly eventId: number;
}

async function open(isMeasured: boolean): Promise<Loaded> {
  const { url, drop } = await createDatabase();
  const database = openPostgres(url);
  after(async () => {
    await system.stop();
    await database.close();
    await drop();
  });
  const system = await startSystem(database, isMeasured ? { registry: createRegistry() } : {});
  const admin = await signInAdmin(system.client);
  const eventId = await createEvent(system.client, admin, { price: 0, slots: 1_000_000 });
  return { system, admin, eventId };
}

/** Makes all bookings of one round. @returns the CPU time of this process in µs per booking, including the clients. */
async function load({ system, admin, eventId }: Loaded): Promise<number> {
  collectGarbage();
  const began = process.cpuUsage();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let time = 0; time < bookings / clients; time += 1) {
        assert.equal((await book(system.client, admin, eventId)).status, 201);
      }
    }),
  );
  const { user, system: kernel } = process.cpuUsage(began);
  return (user + kernel) / bookings;
}

test('metrics cost less than 3 % of the CPU time of a booking', {
  skip: skipWithoutPostgres,
  timeout: 300_000,
}, async (t) => {
  const [plain, measured] = [await open(false), await open(true)];
  const pairs: [measured: number, plain: number][] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The two alternate, and each is first equally often, so that other work on the machine affects both alike.
    const order = round % 2 === 0 ? (['plain', 'measured'] as const) : (['measured', 'plain'] as const);
    const costs = { plain: 0, measured: 0 };
    for (const which of order) costs[which] = await load(which === 'plain' ? plain : measured);
    // The first four rounds are not counted, because the code is compiled in them.
    if (round >= 4) pairs.push([costs.measured, costs.plain]);
  }
  const { low, median, high } = medianRatio(pairs);
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  t.diagnostic(`with metrics a booking takes ${percent(median)} more CPU time (${percent(low)} to ${percent(high)})`);
  const [size] = await plain.system.database.query<{ bytes: number; count: number }>(`
    select (select sum(pg_total_relation_size(c.oid))::bigint from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname in ('book', 'events', 'account') and c.relkind = 'r') as bytes,
           (select count(*) from book.booking) as count`);
  t.diagnostic(`${((size?.bytes ?? 0) / (size?.count ?? 1)).toFixed(0)} bytes a booking in all databases`);
  assert.ok(low < 1.03, `at least ${percent(low)} more`);
});
