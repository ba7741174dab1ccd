import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A data folder that can't be created or written to. The message is one line for the operator. */
export class FolderUnusable extends Error {
  override name = 'FolderUnusable';
}

/**
 * Creates a folder and its parents if they are missing.
 * @throws FolderUnusable when the folder can't be created or written to, or is a file.
 */
export function provideFolder(folder: string): void {
  try {
    createWithParents(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new FolderUnusable(`the folder ${folder} can't be used: ${reasonOf(cause as Error)}`, { cause });
  }
}

/**
 * A substitute for `mkdirSync` with the option `recursive`, which never returns in a folder that allows no new folders,
 * such as /proc.
 */
function createWithParents(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createWithParents(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have created the folder meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
}

/** Messages for common system errors. For other errors, the system's message is shown. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'nothing can be created there',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}
