import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../platform/database/database.ts';
import { openMigrated, skipWithoutPostgres } from '../support/databases/databases.ts';
import { fill } from '../support/databases/fill.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  type Person,
  type System,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

const price = 7;
const stored = 30_000;

/** The maximum number of rows read for one booking, including the slots that its person already holds. */
const mostReadEach = 20;

describe('tables grow while statements keep their plans', { skip: skipWithoutPostgres }, () => {
  let rich: Person[];
  let poor: Person[];
  let eventId: number;
  async function prepare({ client, database }: System): Promise<void> {
    const admin = await signInAdmin(client);
    [rich, poor] = await Promise.all([
      createPeople(client, 20, 1_000_000, 'rich'),
      createPeople(client, 20, 0, 'poor'),
    ]);
    eventId = await createEvent(client, admin, { price, slots: 1_000_000 });
    const limited = { cookie: admin.cookie, body: { max_per_person: 1_000 } };
    await expect(200, client.ask('PATCH', `/events/${eventId}`, limited));
    await withoutStatistics(database);
  }
  // Few connections, so that each has prepared every statement, with its final plan, before the tables grow.
  const system = withSystem(() => openMigrated(2), { prepare });
  after(() => system.database.close());

  const looks = () => ['/book/get?limit=5', '/account/history?limit=5', '/account/get', `/events/get/${eventId}`];

  /** Everyone books, some without enough money; some cancel and some read. @returns the number of bookings made. */
  async function someHours(rounds: number): Promise<number> {
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all([...rich, ...poor].map((person) => book(system.client, person, eventId)));
      const canceling = rich.slice(0, 10).map((person, index) => {
        const body = { booking_id: bookingIn(answers[index] as (typeof answers)[number]).id };
        return expect(200, system.client.ask('POST', '/book/cancel', { cookie: person.cookie, body }));
      });
      await Promise.all(canceling);
      for (const path of looks()) {
        await Promise.all(rich.map(({ cookie }) => expect(200, system.client.ask('GET', path, { cookie }))));
      }
    }
    return rounds * (rich.length + poor.length);
  }

  test('a booking reads no more rows of large tables than of small ones', async (t) => {
    await someHours(20);
    await system.database.connection((sql) => fill(sql, eventId, { bookings: stored, price }));
    const before = await readOf(system.database);
    const bookings = await someHours(10);
    const after = await readOf(system.database);
    const each = [...after].map(([table, rows]) => [table, (rows - (before.get(table) ?? 0)) / bookings] as const);
    t.diagnostic(each.map(([table, rows]) => `${table} ${rows.toFixed(1)}`).join(', '));
    assert.deepEqual(
      each.filter(([, rows]) => rows > mostReadEach),
      [],
    );
  });
});

/** Turns autovacuum off, because fresh statistics would make the server plan the statements again. */
async function withoutStatistics(database: Database): Promise<void> {
  const tables = await database.query<{ name: string }>(
    "select schemaname || '.' || relname as name from pg_stat_user_tables",
  );
  for (const { name } of tables) await database.query(`alter table ${name} set (autovacuum_enabled = off)`);
}

/** For each table: the number of rows and index entries read so far. */
async function readOf(database: Database): Promise<Map<string, number>> {
  // A PostgreSQL process publishes its read counts when a statement ends, but at most once a second.
  await pause(1_100);
  await Promise.all([1, 2].map(() => database.query('select pg_sleep(0.1)')));
  const rows = await database.query<{ name: string; read: number }>(`
    select t.schemaname || '.' || t.relname as name,
           (t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0))::bigint as read
      from pg_stat_user_tables as t
      left join pg_stat_user_indexes as i using (relid)
     group by t.schemaname, t.relname, t.seq_tup_read`);
  return new Map(rows.map(({ name, read }) => [name, read]));
}
