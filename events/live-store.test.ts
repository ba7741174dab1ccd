import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { untilAllBeforeHaveEnded } from '../test/support/databases/meeting.ts';
import { readChanged } from './live-store.ts';
import { createEventsStore } from './store.ts';

eachDatabase((_kind, open) => {
  describe('changed events', () => {
    test('are found by the ids of the watched events and the newest: other events are not read', async () => {
      const database = await open();
      await database.query(
        `insert into events.event (name, price, total_slots, organizer_id, created_at)
         select 'event', 1, 1, 1, now() from generate_series(1, 20000)`,
      );
      await database.query('analyze events.event');
      const plans: string[] = [];
      const explained = {
        async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
          const rows = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return database.query<Row>(text, values);
        },
      };
      await untilAllBeforeHaveEnded(database);
      const { upto, events } = await readChanged(explained, { ids: [5, 7], fresh: [], newest: 2, since: undefined });
      const seen = events.map(({ id, isNewest }) => [id, isNewest]);
      assert.deepEqual(seen, [
        [5, false],
        [7, false],
        [19_999, true],
        [20_000, true],
      ]);
      await createEventsStore(database).cancel(7, new Date(0));
      const later = await readChanged(explained, { ids: [5, 7, 20_000], fresh: [], newest: 2, since: upto });
      assert.deepEqual(
        later.events.map(({ id }) => id),
        [7],
      );
      assert.equal(plans.length, 2);
      for (const plan of plans) assert.doesNotMatch(plan, /Seq Scan on event/);
    });
  });
});
