import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { migrate } from '../platform/database/migrate.ts';
import { pause, realWorld } from '../platform/world.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { startSystem } from '../test/support/system.ts';
import { migrations } from './schema.ts';

eachDatabase((_kind, open) => {
  test('an additional observer of the engine does not replace the log', async () => {
    const database = await open();
    await migrate(database, migrations);
    await database.query(
      `insert into book.booking (person_id, event_id, status, occupying_at, due_at) values (1, 404, 1, $1, $1)`,
      [new Date(0)],
    );
    const logged: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
    const observed: number[] = [];
    const system = await startSystem(database, { log, events: { recovered: (count) => void observed.push(count) } });
    for (let tries = 0; observed.length === 0 && tries < 500; tries += 1) await pause(realWorld(), 10);
    await system.stop();
    assert.deepEqual(observed, [1]);
    assert.match(logged.join(''), /recovered open bookings of a process that is gone/);
  });
});
