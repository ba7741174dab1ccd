import { test } from 'node:test';
import { eachDatabase } from '../support/databases/databases.ts';
import { killAmidLoad } from './crash.ts';

eachDatabase((kind) => {
  test('killed 2 times under load, it settles every booking, and every answer it gave stays true', (t) =>
    killAmidLoad(t, kind, 2));
});
