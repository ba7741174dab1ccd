import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothDatabases } from '../../../test/support/databases/databases.ts';
import { arrayText } from './array-text.ts';

test('values that need escaping or conversion are left to the driver', () => {
  for (const item of ['a "quoted" one', 'a\\b', new Date(), Buffer.from('x'), [1], undefined, true]) {
    assert.equal(arrayText([1, item]), undefined);
  }
});

bothDatabases((_kind, open) => {
  test('arrays reach the database unchanged', async () => {
    const database = await open();
    const numbers = [0, -7, 9_007_199_254_740_991, null, 1e15];
    const texts = ['', 'paid', 'NULL', null, 'null', ' a, {b} ', "it's", 'né\n', '\u{1f600}', 'a "quoted" one', '\\'];
    for (const set of [[], numbers]) {
      assert.deepEqual(await database.query('select $1::bigint[] as set', [set]), [{ set }]);
    }
    for (const set of [[], texts, texts.slice(0, 9)]) {
      assert.deepEqual(await database.query('select $1::text[] as set', [set]), [{ set }]);
    }
  });
});
