import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasDoubleKeys } from './duplicate-keys.ts';

const isDouble = (text: string) => hasDoubleKeys(text, JSON.parse(text));

test('a key twice in one object is found, however it is written and however deep it is', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    String.raw`{"a":1,"\u0061":2}`,
    '[{"b":{"a":1,"a":{}}}]',
    String.raw`{"\"":1,"\"":2}`,
    '{"":1,"":2}',
    `${'['.repeat(20_000)}{"a":1,"a":2}${']'.repeat(20_000)}`,
  ]) {
    assert.equal(isDouble(text), true, text.slice(0, 50));
  }
});

test('the same key in several objects, and colons in strings, are as they should be', () => {
  for (const text of [
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    String.raw`{"a:\":b":"x\\","c":"\":"}`,
    '"a:b"',
    '7',
    '{}',
  ]) {
    assert.equal(isDouble(text), false, text);
  }
});

test('whatever JSON is written has no key twice, until one is written twice', () => {
  fc.assert(
    fc.property(fc.json(), fc.dictionary(fc.string(), fc.json(), { minKeys: 1 }), (text, members) => {
      assert.equal(isDouble(text), false);
      const written = Object.entries(members).map(([key, json]) => `${JSON.stringify(key)}:${json}`);
      assert.equal(isDouble(`{${[...written, written[0]].join(',')}}`), true);
    }),
  );
});
