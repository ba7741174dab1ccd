import { test } from 'node:test';
import { seedOf } from './chance.ts';
import { failOver } from './failover.ts';

const seed = seedOf('FAILOVER_SEED');

for (const time of [1, 2, 3]) {
  test(`fail-over ${time} of 3, with two replicas of each service: nothing acknowledged is missing`, (t) =>
    failOver(t, { replicas: 2, seed: seed + time }));
}
