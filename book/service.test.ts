import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { withSystem } from '../test/support/system.ts';
import { until } from '../test/support/until.ts';

eachDatabase((_kind, open) => {
  const logged: string[] = [];
  const observed: number[] = [];
  const system = withSystem(openWithDueBooking, {
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    events: { recovered: (count) => void observed.push(count) },
  });

  async function openWithDueBooking() {
    const database = await open();
    await database.query(
      `insert into book.booking (person_id, event_id, status, occupying_at, due_at) values (1, 404, 1, $1, $1)`,
      [new Date(0)],
    );
    return database;
  }

  test('an additional observer of the engine does not replace the log', async () => {
    await until('the booking is recovered', () => observed.length > 0);
    await system.stop();
    assert.deepEqual(observed, [1]);
    assert.match(logged.join(''), /recovered open bookings of a process that is gone/);
  });
});
