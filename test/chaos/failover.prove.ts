import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { failOver } from './failover.ts';

const skip = skipWithoutBinaries();
const seed = seedOf('FAILOVER_SEED');

for (const time of [1, 2, 3]) {
  const title = `${time} of 3: the primary is killed and its standby promoted: two replicas of each service go on, and nothing acknowledged is missing`;
  test(title, { skip }, (t) => failOver(t, { replicas: 2, seed: seed + time }));
}
