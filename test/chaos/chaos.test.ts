import { test } from 'node:test';
import { seedOf } from '../support/chance.ts';
import { skipWithoutBinaries } from '../support/databases/postgres.ts';
import { chaos } from './chaos.ts';

const title = '45 s of kills, freezes, restarts and cut connections: nothing is lost, and every answer was true';
/** A busy machine takes its time to start the services again, and that is no fault. */
const options = { skip: skipWithoutBinaries(), timeout: 240_000 };
test(title, options, (t) => chaos(t, { seconds: 45, seed: seedOf('CHAOS_SEED') }));
