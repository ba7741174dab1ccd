import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Thrown when another process uses the folder. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/** SQLite's result code for a lock that another process holds (https://www.sqlite.org/rescode.html#busy). */
const busy = 5;

/** The locks of this process. SQLite would release a lock whose object is collected as garbage. */
const held = new Set<DatabaseSync>();

/**
 * Locks a folder for this process until `release`, or until the process exits in any way.
 *
 * The lock is an exclusive SQLite lock on an empty database in the folder. SQLite uses the kernel's file locks on every
 * system that Node runs on, and the kernel releases them when the process dies. A lock file with a process id would
 * survive a kill -9, and by then another process may have that id.
 *
 * @throws FolderInUse when another process holds the lock; the error of the system or of SQLite otherwise.
 */
export function lockFolder(folder: string): { release(): void } {
  const path = join(folder, 'lock.sqlite');
  const lock = new DatabaseSync(path);
  try {
    // On a read-only file SQLite takes a shared lock, which two processes could hold.
    accessSync(path, constants.W_OK);
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: unknown }).errcode !== busy) throw cause;
    throw new FolderInUse(`the folder ${folder} is in use by another Startlist`, { cause });
  }
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}
