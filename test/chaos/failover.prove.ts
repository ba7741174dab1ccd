import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { isLong } from '../support/long.ts';
import { failOver } from './failover.ts';

const skip = skipWithoutBinaries();
const seed = seedOf('FAILOVER_SEED');
const times = isLong ? [1, 2, 3] : [1];

for (const time of times) {
  const title = `${time}: the primary is killed and its standby promoted: two replicas of each service go on, and nothing acknowledged is missing`;
  test(title, { skip }, (t) => failOver(t, { replicas: 2, seed: seed + time }));
}
