import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the folder open. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/**
 * Locks a folder for this process until `release`, or until the process is gone, however it went.
 *
 * The lock is SQLite's own on an empty database in the folder, held exclusively: the kernel's file lock on every
 * system that Node runs on, dropped by the kernel when its holder dies. A file with a process id in it would stay
 * behind after a kill -9, and its id may belong to someone else by then.
 *
 * @throws FolderInUse when the lock is held.
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    throw new FolderInUse(`the folder ${folder} is in use by another Startlist`, { cause });
  }
  return { release: () => lock.close() };
}
