import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A data folder that can't be created or written to. The message is one line for the operator. */
export class FolderUnusable extends Error {
  override name = 'FolderUnusable';
}

/**
 * Creates a folder and its parents if they are missing.
 * @throws FolderUnusable when it can't be created, is not a folder, or is not writable.
 */
export function provideFolder(folder: string): void {
  try {
    createWithParents(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new FolderUnusable(`the folder ${folder} can't be used: ${reasonOf(cause as Error)}`, { cause });
  }
}

/** `mkdirSync` with `recursive` never returns in folders that do not allow new ones, such as /proc. */
function createWithParents(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createWithParents(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
}

/** Messages for common system errors. Others keep the system's message. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it can only be read',
  ENOENT: 'nothing can be created there',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}
