import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FolderInUse, lockFolder } from './lock.ts';

const home = mkdtempSync(join(tmpdir(), 'startlist-lock-'));
after(() => rmSync(home, { recursive: true, force: true }));
const newFolder = () => mkdtempSync(join(home, 'folder-'));

/** Another process that holds the lock of a folder until it is killed. */
async function lockElsewhere(folder: string): Promise<ChildProcess> {
  const script = `
    import { lockFolder } from './lock.ts';
    lockFolder(${JSON.stringify(folder)});
    // The lock must not depend on a reference that the caller keeps.
    gc();
    console.log('locked');
    process.stdin.resume();
  `;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a folder locked by another process is in use, and free again after that process is killed', async () => {
  const folder = newFolder();
  const holder = await lockElsewhere(folder);
  assert.throws(() => lockFolder(folder), new FolderInUse(`the folder ${folder} is in use by another Startlist`));
  await kill(holder);
  lockFolder(folder).release();
});

test('a refused attempt leaves the lock with its holder', async () => {
  const folder = newFolder();
  const holder = await lockElsewhere(folder);
  assert.throws(() => lockFolder(folder), FolderInUse);
  assert.throws(() => lockFolder(folder), FolderInUse);
  await kill(holder);
});

test('a second lock from the same process is refused until the first is released', () => {
  const folder = newFolder();
  const lock = lockFolder(folder);
  assert.throws(() => lockFolder(folder), FolderInUse);
  lock.release();
  lockFolder(folder).release();
});

test('two folders are locked independently', () => {
  const [one, other] = [lockFolder(newFolder()), lockFolder(newFolder())];
  one.release();
  other.release();
});

test('a folder without write permission is not reported as in use', () => {
  const folder = newFolder();
  lockFolder(folder).release();
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'lock.sqlite'), 0o444);
  asOrdinaryUser(() =>
    assert.throws(
      () => lockFolder(folder),
      (error) => !(error instanceof FolderInUse),
    ),
  );
});

/** Runs `work` as an unprivileged user, because root can write anywhere. */
function asOrdinaryUser(work: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a lock file that is not a database is not reported as in use', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock.sqlite'), 'not what was expected here '.repeat(100));
  assert.throws(() => lockFolder(folder), /file is not a database/);
});

test('a missing folder is not reported as in use', () => {
  assert.throws(
    () => lockFolder(join(home, 'nowhere')),
    (error) => !(error instanceof FolderInUse),
  );
});
