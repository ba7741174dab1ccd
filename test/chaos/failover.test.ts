import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { failOver } from './failover.ts';

const title = 'the primary is killed and its standby promoted: the services go on, and nothing acknowledged is missing';
test(title, { skip: skipWithoutBinaries() }, (t) => failOver(t, { replicas: 1, seed: seedOf('FAILOVER_SEED') }));
