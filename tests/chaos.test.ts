import { test } from 'node:test';
import { seedOf } from './chance.ts';
import { chaos } from './chaos.ts';
import { skipWithoutBinaries } from './postgres.ts';

const title = '45 s of kills, freezes, restarts and cut connections: nothing is lost, and every answer was true';
test(title, { skip: skipWithoutBinaries() }, (t) => chaos(t, { seconds: 45, seed: seedOf('CHAOS_SEED') }));
