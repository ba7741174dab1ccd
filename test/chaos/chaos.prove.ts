import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { isLong } from '../support/long.ts';
import { chaos } from './chaos.ts';

const seconds = isLong ? 180 : 60;

const title = 'kills, freezes, restarts and cut connections: nothing is lost, and every answer was true';
test(title, { skip: skipWithoutBinaries() }, (t) => chaos(t, { seconds, seed: seedOf('CHAOS_SEED') }));
