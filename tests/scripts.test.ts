import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { services } from '../contracts/services.ts';
import { nodeArguments } from '../kit/memory.ts';
import { root } from './sources.ts';

/** Whether a script runs Node after it may have put a newer one in front of it: its shell remembers where the old was. */
const runsTheOldNode = (script: string) => /install\.mjs.*&&.*\bnode\b/.test(script);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('no script installs a Node and goes on with the one that was there before', () => {
  assert.deepEqual(
    Object.keys(scripts).filter((name) => runsTheOldNode(scripts[name] ?? '')),
    [],
  );
  assert.ok(runsTheOldNode('node app/install.mjs && node web/build.ts'));
});

test('what serves bookings is started with the memory that it is to have', () => {
  for (const [script, folder] of Object.entries({
    start: 'app',
    ...Object.fromEntries(services.map((name) => [name, name])),
  })) {
    assert.equal(scripts[script], `node ${nodeArguments.join(' ')} ${folder}/main.ts`);
  }
});
