import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { services } from '../../contracts/services.ts';
import { nodeArguments } from '../../platform/process/program.ts';
import { root } from '../support/sources.ts';

/** Whether a script runs Node after it may have put a newer one in front of it: its shell remembers where the old was. */
const runsTheOldNode = (script: string) => /install\.mjs.*&&.*\bnode\b/.test(script);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('no script installs a Node and goes on with the one that was there before', () => {
  assert.deepEqual(
    Object.keys(scripts).filter((name) => runsTheOldNode(scripts[name] ?? '')),
    [],
  );
  assert.ok(runsTheOldNode('node programs/start/install.mjs && node web/build.ts'));
});

test('what serves bookings is started with the memory that it is to have', () => {
  for (const [script, folder] of Object.entries({
    start: 'programs/start',
    ...Object.fromEntries(services.map((name) => [name, name])),
  })) {
    assert.equal(scripts[script], `node ${nodeArguments.join(' ')} ${folder}/main.ts`);
  }
});

test('whoever asks a script for help is told what it does, and a wrong argument is one line; nothing is done', async () => {
  const files = [
    'programs/start/main',
    'auth/main',
    'book/main',
    'web/main',
    'web/build',
    'programs/diagrams/main',
    'programs/client/main',
  ];
  // One of each kind: both come from the same few lines, and each start takes a second.
  const helped = ['programs/start/main', 'book/main', 'web/build'];
  for (const file of [...files, 'test/tracing/traces', 'test/browser/pictures']) {
    const run = (argument: string) =>
      spawnSync(process.execPath, [join(root, `${file}.ts`), argument], { encoding: 'utf8' });
    if (helped.includes(file)) {
      const help = run('--help');
      assert.deepEqual([help.status, help.stderr], [0, ''], file);
      assert.match(help.stdout, /^[A-Z].+\.\n\n {2}npm (start|run \S+)\n/, file);
    }
    const wrong = run('--hepl');
    assert.deepEqual([wrong.status, wrong.stdout], [2, ''], file);
    assert.match(wrong.stderr, /^npm [^\n]+: it takes no arguments, and was given "--hepl"\n$/, file);
  }
});

test('what needs the packages of development installs them first', () => {
  const needing = [
    'types',
    'lint',
    'format',
    'test',
    'client',
    'diagrams',
    'traces',
    'pictures',
    'bench',
    'sim',
    'fuzz',
  ];
  assert.deepEqual(
    needing.filter((name) => scripts[`pre${name}`] !== 'node programs/start/install.mjs --dev'),
    [],
  );
});
