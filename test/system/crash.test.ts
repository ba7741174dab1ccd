import { test } from 'node:test';
import { eachDatabase } from '../support/databases/databases.ts';
import { killAmidLoad } from './crash.ts';

eachDatabase((kind) => {
  test('killed 2 times amid a load, it settles every booking, and what it answered stays true', (t) =>
    killAmidLoad(t, kind, 2));
});
