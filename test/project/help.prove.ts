import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/sources.ts';

test('--help prints what a script does, a wrong argument gives one line, and neither does anything', async () => {
  const files = [
    'programs/start/main',
    'auth/main',
    'book/main',
    'web/main',
    'web/build',
    'programs/diagrams/main',
    'programs/client/main',
  ];
  // Help is tried for only one program of each kind: the kinds share the code, and each start takes a second.
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
