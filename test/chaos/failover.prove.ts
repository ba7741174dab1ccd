import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { failOver } from './failover.ts';

const skip = skipWithoutBinaries();
const seed = seedOf('FAILOVER_SEED');

for (const time of [1, 2, 3]) {
  const title = `fail-over ${time} of 3, with two replicas of each service: nothing acknowledged is missing`;
  test(title, { skip }, (t) => failOver(t, { replicas: 2, seed: seed + time }));
}
