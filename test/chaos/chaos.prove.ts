import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { chaos } from './chaos.ts';

const title = '3 minutes of kills, freezes, restarts and cut connections: nothing is lost, and every answer was true';
test(title, { skip: skipWithoutBinaries() }, (t) => chaos(t, { seconds: 180, seed: seedOf('CHAOS_SEED') }));
