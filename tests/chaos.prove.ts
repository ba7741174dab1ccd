import { test } from 'node:test';
import { seedOf } from './chance.ts';
import { chaos } from './chaos.ts';

test('3 minutes of kills, freezes, restarts and cut connections: nothing is lost, and every answer was true', (t) =>
  chaos(t, { seconds: 180, seed: seedOf('CHAOS_SEED') }));
