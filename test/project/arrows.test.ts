import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readSources } from '../support/sources.ts';
import { findWrongArrows, folders, importsIn, rules } from './arrows.ts';

const sources = readSources('**/*.{ts,tsx}');
const today = findWrongArrows(sources);

/** The additional violations that are found when this line is added to this file. */
function findPlanted(path: string, line: string): string[] {
  const planted = new Map([...sources, [path, `${sources.get(path) ?? ''}\n${line}\n`]]);
  return findWrongArrows(planted).filter((wrong) => !today.includes(wrong));
}

test('imports point down', () => {
  assert.ok(sources.size > 300, 'the sources were found');
  assert.deepEqual(today, []);
});

test('every rule exists', () => {
  assert.deepEqual(
    rules.filter((path) => !sources.has(path)),
    [],
  );
});

describe('a planted import is found and named', () => {
  const planted: [path: string, line: string, found: string][] = [
    ['platform/batch.ts', `import '../book/service.ts';`, 'book/service.ts: platform may not import it'],
    ['contracts/services.ts', `import pg from 'pg';`, 'pg: contracts may not import this package'],
    [
      'saga/table.ts',
      `import type { Reason } from '../contracts/step.ts';`,
      'contracts/step.ts: saga may not import it',
    ],
    [
      'book/service.ts',
      `import type { Event } from '../events/store.ts';`,
      'events/store.ts: services meet in contracts/',
    ],
    ['events/slots.ts', `import type { EventsStore } from './store.ts';`, 'events/store.ts: a rule does no I/O'],
    ['account/payments/payments.ts', `import { readFileSync } from 'node:fs';`, 'node:fs: a rule does no I/O'],
    [
      'events/store.ts',
      `export * from './routes.ts';`,
      'events/routes.ts: a store imports only rules and stores of its service',
    ],
    [
      'programs/start/main.ts',
      `import '../../book/saga/actions.ts';`,
      'book/saga/actions.ts: programs/start may not import it',
    ],
    [
      'programs/admin/main.ts',
      `import '../../test/support/system.ts';`,
      'test/support/system.ts: only tests import tests',
    ],
    ['web/ui/app.tsx', `import { readFileSync } from 'node:fs';`, 'node:fs: web/ui may not import this package'],
    ['openapi/client/client.ts', `import '../document.ts';`, 'openapi/document.ts: openapi/client may not import it'],
    ['deploy/health.ts', `import '../platform/config.ts';`, 'platform/config.ts: deploy may not import it'],
  ];
  for (const [path, line, found] of planted) {
    test(`${path}: ${line}`, () => {
      const wrong = findPlanted(path, line);
      assert.ok(wrong.includes(`${path} → ${found}`), wrong.join('\n'));
    });
  }

  test('a circle of files', () => {
    assert.deepEqual(findPlanted('platform/errors.ts', `import type { World } from './world.ts';`), []);
    const circles = findPlanted('platform/world.ts', `import './batch.ts';`).join('\n');
    assert.match(circles, /platform\/world\.ts.*platform\/batch\.ts.*: files import each other in a circle/);
  });

  test('a circle of folders side by side', () => {
    const circles = findPlanted('auth/sessions/tokens.ts', `import '../sign-in/routes.ts';`).join('\n');
    assert.match(circles, /auth\/sign-in.*: folders import each other in a circle/);
  });

  test('a folder without a line', () => {
    const found = findPlanted('helpers/text.ts', 'export {};');
    assert.deepEqual(found, ['helpers/text.ts: test/project/arrows.ts has no line for its folder']);
  });
});

test('the table of folders in ARCHITECTURE.md has the folders of the law, in its order', () => {
  const [, table = ''] =
    /\n## Folders\n[\s\S]*?\n(\| [\s\S]*?)\n\n/.exec(readFileSync('ARCHITECTURE.md', 'utf8')) ?? [];
  const named = table.split('\n').flatMap((line) => {
    const [, left = '', right = ''] = line.split('|');
    const paths = (cell: string) => [...cell.matchAll(/`([\w./-]+?)\/?`/g)].map(([, path = '']) => path);
    return paths(left).map((folder) => [folder, paths(right)] as const);
  });
  const lawful = Object.entries(folders).map(([folder, { may }]) => [folder, [...may]] as const);
  assert.deepEqual(named, lawful);
});

test('every way to write an import is read, and nothing else is', () => {
  const text = `
import one from 'one';
import type { Two } from './two.ts';
import three, {
  type Three,
  four as five,
} from '../saga/three.ts';
import * as four from "@scope/four/part.js";
export { five } from './five.ts';
export type * from './six.ts';
import './seven.ts';
const eight = await import('./eight.ts');
type Nine = import('node:nine').Nine;
export function none() { return "from 'none'"; }
const none = "import none from 'none'";
// import none from 'none';
`;
  const names = importsIn('platform/file.ts', text).map(({ name }) => name);
  const files = [
    'platform/two.ts',
    'saga/three.ts',
    'platform/five.ts',
    'platform/six.ts',
    'platform/seven.ts',
    'platform/eight.ts',
  ];
  assert.deepEqual(names.toSorted(), [...files, 'one', '@scope/four', 'node:nine'].toSorted());
});
