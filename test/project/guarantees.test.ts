import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/sources.ts';

/** The tests named in a text: each file name is followed by parts of its tests' titles, which may span two lines. */
function namedTests(text: string): { file: string; title: string }[] {
  const named: { file: string; title: string }[] = [];
  let file: string | undefined;
  for (const [, path, title] of text.matchAll(/`([\w/.-]+\.(?:test|prove)\.ts)`|"([^"]+)"/g)) {
    file = path ?? file;
    if (title !== undefined && file !== undefined) named.push({ file, title: title.replaceAll(/\s+/g, ' ') });
  }
  return named;
}

function findMissing(text: string): string[] {
  return namedTests(text)
    .filter(({ file, title }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
    })
    .map(({ file, title }) => `${file}: ${title}`);
}

test('every test that the guarantees name is there', () => {
  const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
  assert.ok(namedTests(text).length > 30);
  assert.deepEqual(findMissing(text), []);
});

test('every test that SECURITY.md names is there', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
  assert.ok(namedTests(text).length > 30);
  assert.deepEqual(findMissing(text), []);
});

test('a test that is not there is found', () => {
  assert.deepEqual(findMissing('`test/system/load.test.ts` "a horse", `tests/horse.test.ts` "2,000 bookings"'), [
    'test/system/load.test.ts: a horse',
    'tests/horse.test.ts: 2,000 bookings',
  ]);
});
