import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A folder for data can't be made or written to. The message is one line for the person who named it. */
export class FolderUnusable extends Error {
  override name = 'FolderUnusable';
}

/**
 * Makes a folder, and those above it, unless they are there.
 * @throws FolderUnusable when it can't be made, is none, or may not be written to.
 */
export function provideFolder(folder: string): void {
  try {
    makeWithParents(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new FolderUnusable(`the folder ${folder} can't be used: ${reasonOf(cause as Error)}`, { cause });
  }
}

/** `mkdirSync` with `recursive` never returns where a folder that is there lets none be made in it, as in /proc. */
function makeWithParents(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
}

/** The system's errors in words. What is not among them says it itself. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it can only be read',
  ENOENT: 'nothing can be made there',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}
