import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { services } from '../../contracts/services.ts';
import { nodeArguments } from '../../platform/process/program.ts';
import { root } from '../support/sources.ts';

/** True for a script that installs a newer Node and then runs `node`: the shell would still run the old one. */
const runsTheOldNode = (script: string) => /install\.mjs.*&&.*\bnode\b/.test(script);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('no script installs a Node and continues with the old one', () => {
  assert.deepEqual(
    Object.keys(scripts).filter((name) => runsTheOldNode(scripts[name] ?? '')),
    [],
  );
  assert.ok(runsTheOldNode('node programs/start/install.mjs && node web/build.ts'));
});

test('services start with the memory setting of nodeArguments', () => {
  for (const [script, folder] of Object.entries({
    start: 'programs/start',
    ...Object.fromEntries(services.map((name) => [name, name])),
  })) {
    const check = script === 'start' ? '' : '--import ./programs/start/install.mjs?check ';
    assert.equal(scripts[script], `node ${check}${nodeArguments.join(' ')} ${folder}/main.ts`);
  }
});

test('start, services and test install what is missing; every other script checks that nothing is missing', () => {
  const installing = { prestart: '--pages', preservices: '--pages', pretest: '--dev' };
  for (const [name, option] of Object.entries(installing)) {
    assert.equal(scripts[name], `node programs/start/install.mjs ${option}`);
  }
  const needsDev = new Set('prove types lint format client diagrams traces pictures bench sim fuzz'.split(' '));
  const installed = ['start', 'services', 'test', ...Object.keys(installing)];
  // `check` only runs other scripts.
  for (const [name, script] of Object.entries(scripts).filter(([each]) => ![...installed, 'check'].includes(each))) {
    const check = needsDev.has(name) ? 'check-dev' : 'check';
    assert.match(
      script,
      new RegExp(`^node (--import \\./programs/start/install\\.mjs\\?|programs/start/install\\.mjs --)${check} `),
      name,
    );
  }
});

test('a script says npm ci in one line when packages are missing, on any Node', () => {
  const copy = mkdtempSync(join(tmpdir(), 'startlist-scripts-'));
  try {
    const folder = join(copy, 'programs', 'start');
    mkdirSync(folder, { recursive: true });
    for (const file of ['package-lock.json', 'programs/start/install.mjs']) cpSync(join(root, file), join(copy, file));
    for (const args of [
      ['--import', './programs/start/install.mjs?check', 'missing.ts'],
      [join(folder, 'install.mjs'), '--check-dev'],
    ]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
      assert.deepEqual(
        [status, stdout, stderr],
        [1, '', 'Startlist cannot run: packages are missing or out of date: run npm ci\n'],
      );
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
});
