import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import type { Service } from '../contracts/services.ts';
import { backUpsMissing, FourDatabases } from './back-ups.ts';
import { assertClean, Crowd, reconcile } from './reconciling.ts';
import { until } from './services.ts';
import { root } from './sources.ts';
import { book, bookingIn, type Client, type System, startSystem } from './system.ts';

/** How many bookings are asked for between two copies, and after the last. */
const between = 150;

/** In which order the databases are copied: book's copy is older than its participants', or the newest of all. */
const orders: readonly (readonly Service[])[] = [
  ['auth', 'book', 'account', 'events'],
  ['auth', 'events', 'account', 'book'],
];

/** What an operator types. */
async function runReconcile({ address }: Client, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, 'reconcile/main.ts'), address, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: `${out}${err}` };
}

describe('copies of the four databases, each of another moment under load', { skip: await backUpsMissing() }, () => {
  for (const order of orders) {
    test(`${order.join(', ')}: restored and mended, the records agree and bookings go on`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'startlist-copies-'));
      const four = new FourDatabases(folder);
      let system: System | undefined;
      const start = async (databases: Awaited<ReturnType<FourDatabases['open']>>) => {
        system = await startSystem(databases.book, { databases });
        return system;
      };
      try {
        const { client, stop } = await start(await four.open());
        const crowd = await Crowd.gather(client);
        crowd.begin();
        for (const service of order) {
          await crowd.more(between);
          await four.copy(service);
        }
        await crowd.more(between);
        await crowd.rest();
        client.close();
        await stop();

        const restored = await start(await four.restore());
        const again = crowd.at(restored.client);
        await settled(restored);
        const found = await reconcile(again.client, again.admin);
        assert.ok(found.found > 0, 'the copies were of one moment');
        const { code, output } = await runReconcile(restored.client, '--mend');
        t.diagnostic(`${found.found} found`);
        assert.equal(code, 0, output);
        await settled(restored);
        assertClean(await reconcile(again.client, again.admin));

        again.begin();
        await again.more(between);
        await again.rest();
        await settled(restored);
        const [person] = again.people;
        assert.ok(person);
        const { status } = bookingIn(await book(again.client, person, again.eventIds[2] as number));
        assert.equal(status, 4);
        assertClean(await reconcile(again.client, again.admin));
      } finally {
        await system?.stop();
        await four.lose();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

/** Waits until nothing is under way. */
async function settled({ database }: System): Promise<void> {
  await until('all bookings settle', async () => {
    const [row] = await database.query<{ open: number }>(
      'select count(*) as open from book.booking where due_at is not null',
    );
    return row?.open === 0;
  });
}
