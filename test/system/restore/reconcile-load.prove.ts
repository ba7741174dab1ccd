import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachDatabase } from '../../support/databases/databases.ts';
import { brokenRules } from '../../support/money.ts';
import { withSystem } from '../../support/system.ts';
import { assertClean, Crowd, mend, reconcile } from './reconciling.ts';

eachDatabase((_kind, open) => {
  let crowd: Crowd;
  const system = withSystem(open, {
    prepare: async ({ client }) => {
      crowd = await Crowd.gather(client);
    },
  });

  test('under a load of bookings and cancellations repeated runs report no booking', async (t) => {
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
    t.diagnostic(`${runs} runs during ${crowd.asked} bookings saw a booking in flight ${underWay} times`);
    assert.ok(underWay > 0, 'no booking was in flight');
    assertClean(await reconcile(crowd.client, crowd.admin));
    assert.deepEqual(await brokenRules(system.database), {});
  });
});
