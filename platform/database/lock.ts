import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the folder open. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/** SQLite's result code for a lock that someone else holds (https://www.sqlite.org/rescode.html#busy). */
const busy = 5;

/**
 * Locks a folder for this process until `release`, or until the process is gone, however it went.
 *
 * The lock is SQLite's own on an empty database in the folder, held exclusively: the kernel's file lock on every
 * system that Node runs on, dropped by the kernel when its holder dies. A file with a process id in it would stay
 * behind after a kill -9, and its id may belong to someone else by then.
 *
 * @throws FolderInUse when the lock is held; the system's or SQLite's error when it can't be taken at all.
 */
export function lockFolder(folder: string): { release(): void } {
  const path = join(folder, 'lock.sqlite');
  const lock = new DatabaseSync(path);
  try {
    // What SQLite may only read it locks for reading, which two processes can do at once.
    accessSync(path, constants.W_OK);
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: unknown }).errcode !== busy) throw cause;
    throw new FolderInUse(`the folder ${folder} is in use by another Startlist`, { cause });
  }
  return { release: () => lock.close() };
}
