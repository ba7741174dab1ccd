import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../support/sources.ts';

const groups = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** The packages in each table, in order. A row must give the purpose, the reason for the choice, and the size. */
function tablesIn(text: string): string[][] {
  return text
    .split(/^## .+$/m)
    .slice(1)
    .map((part) =>
      [...part.matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \| (?:about )?[\d.]+ MB \|$/gm)].map(([, name = '']) => name),
    );
}

const read = (path: string) => readSources(path).get(path) ?? '';

test('each package that package.json names has a line in docs/dependencies.md, in the same order, and no other', () => {
  const packages = JSON.parse(read('package.json'));
  assert.deepEqual(
    tablesIn(read('docs/dependencies.md')),
    groups.map((group) => Object.keys(packages[group])),
  );
});

test('a line that does not say why is none', () => {
  const text = '## A\n| `x` | for x | the only one | 1 MB |\n| `y` | for y | 2 MB |\n## B\n';
  assert.deepEqual(tablesIn(text), [['x'], []]);
});
