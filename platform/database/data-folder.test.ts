import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FolderUnusable, provideFolder } from './data-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'startlist-folder-'));
after(() => rmSync(home, { recursive: true, force: true }));

/** The error message for a folder that cannot be used. */
function complaint(folder: string): string {
  try {
    provideFolder(folder);
  } catch (error) {
    assert.ok(error instanceof FolderUnusable);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'the folder was accepted' });
}

test('a folder is created with its parents; an existing folder is used unchanged', () => {
  const folder = join(home, 'a', 'b', 'c');
  provideFolder(folder);
  provideFolder(folder);
  assert.ok(statSync(folder).isDirectory());
});

test('the error names the file that blocks the path', () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  assert.equal(complaint(file), `the folder ${file} can't be used: ${file} is a file`);
  assert.match(complaint(join(file, 'in', 'it')), /file is a file$/);
});

test('a folder that the system cannot create is refused with its path', {
  skip: process.platform !== 'linux' && 'no /proc',
}, () => {
  assert.match(complaint('/proc/x/y'), /^the folder \/proc\/x\/y can't be used: /);
});

test('a folder without write permission is refused', () => {
  const folder = mkdtempSync(join(home, 'closed-'));
  chmodSync(home, 0o755);
  chmodSync(folder, 0o555);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    assert.match(complaint(join(folder, 'x')), /this user may not write there$/);
    // access(2) checks the real user id, which seteuid does not change: root cannot test this branch.
    if (!isRoot) assert.equal(complaint(folder), `the folder ${folder} can't be used: this user may not write there`);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});
