import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { DispatchedAuditEntry } from '../contracts/auth/audit.ts';
import type { Database } from '../platform/database/database.ts';
import { realWorld } from '../platform/world.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { type AuditStore, appendAuditEntry, createAuditStore } from './audit-store.ts';

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second));
const world = realWorld();

function dispatched(second: number, more: Partial<DispatchedAuditEntry> = {}): DispatchedAuditEntry {
  const entry = { action: 'event_created', by: 1, details: { event_id: second } } as const;
  return { key: world.uuid(), at: at(second).getTime(), service: 'events', ...entry, ...more };
}

eachDatabase((_kind, open) => {
  let database: Database;
  let auditStore: AuditStore;
  before(async () => {
    database = await open();
    auditStore = createAuditStore(database);
  });

  const page = (filter = {}, limit = 1_000, after = 0) => auditStore.page(filter, { limit, after });
  const all = () => page();

  test('an entry has its actor, its person, its time and its details', async () => {
    await appendAuditEntry(database, at(1), {
      action: 'role_changed',
      by: 7,
      to: 8,
      details: { role: 'organizer', was: 'person' },
    });
    const [entry] = await page({ personId: 8 });
    assert.deepEqual(entry, {
      id: entry?.id,
      at: at(1),
      service: 'auth',
      action: 'role_changed',
      byId: 7,
      byLogin: null,
      toId: 8,
      toLogin: null,
      details: { role: 'organizer', was: 'person' },
    });
  });

  test('no statement can change or delete an entry', async () => {
    const before = await all();
    assert.ok(before.length > 0);
    for (const statement of [
      `update auth.trail set by_id = 1`,
      `update auth.trail set action = 'nothing' where false`,
      'delete from auth.trail',
      'truncate auth.trail',
      `insert into auth.trail (id, at, service, action, details) overriding system value
       select id, at, service, 'nothing', details from auth.trail on conflict (id) do update set action = 'nothing'`,
    ])
      await assert.rejects(database.query(statement), /the trail is never changed, only added to/, statement);
    assert.deepEqual(await all(), before);
  });

  test('an entry from another service is stored once, however often it is delivered: alone, in batches and concurrently', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => dispatched(index));
    const count = (await all()).length;
    assert.equal(await auditStore.append(entries.slice(0, 10)), 10);
    assert.equal(await auditStore.append([...entries.slice(5, 15), ...entries.slice(5, 15)]), 5);
    const counts = await Promise.all([entries, entries.toReversed(), entries].map((batch) => auditStore.append(batch)));
    assert.equal(
      counts.reduce((sum, each) => sum + each),
      5,
    );
    assert.equal((await all()).length, count + 20);
  });

  test('a repeated delivery uses up no id: gaps in the ids would look like missing entries', async () => {
    const entry = dispatched(50);
    for (let time = 0; time < 5; time += 1) await auditStore.append([entry]);
    await auditStore.append([dispatched(51)]);
    const [last, before] = await page({ isNewestFirst: true }, 2);
    assert.equal(last?.id, (before?.id ?? 0) + 1);
  });

  test('pages of entries: oldest or newest first, by person and by action', async () => {
    await auditStore.append([
      dispatched(60, { by: 41 }),
      dispatched(61, { by: 41, action: 'event_canceled', to: 42 }),
      dispatched(62, { by: 42, action: 'booking_canceled', service: 'book' }),
      dispatched(63, { by: null, to: 41, action: 'login_failed' }),
    ]);
    const seconds = async (...asked: Parameters<typeof page>) =>
      (await page(...asked)).map((entry) => entry.at.getSeconds());
    assert.deepEqual(await seconds({ personId: 41 }), [0, 1, 3]);
    assert.deepEqual(await seconds({ personId: 41, isNewestFirst: true }), [3, 1, 0]);
    assert.deepEqual(await seconds({ personId: 42 }), [1, 2]);
    assert.deepEqual(await seconds({ personId: 42, action: 'booking_canceled' }), [2]);
    const [newest] = await page({ personId: 41, isNewestFirst: true }, 1);
    assert.deepEqual(await seconds({ personId: 41, isNewestFirst: true }, 1, newest?.id), [1]);
  });
});
