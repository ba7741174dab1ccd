import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row.ts';
import { oneProcess, root } from './startlist.ts';

/** Another revision, checked out in a git worktree. */
export interface Revision {
  readonly row: Row;
  remove(): void;
}

/**
 * Checks out a revision in a worktree, as one more measured system. It shares the packages of this checkout if its
 * lock file is the same, and installs its own otherwise.
 * @throws when the revision does not exist.
 */
export function checkOut(revision: string, folder: string): Revision {
  const place = join(folder, 'revision');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  const short = git('rev-parse', '--short', `${revision}^{commit}`);
  git('worktree', 'add', '--detach', '--force', place, short);
  const remove = () => void git('worktree', 'remove', '--force', place);
  const lockOf = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8');
  try {
    if (lockOf(place) === lockOf(root)) symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
    else execFileSync('npm', ['ci', '--omit=dev'], { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    remove();
    throw error;
  }
  return { row: oneProcess('against', `Startlist ${short}, one process`, { root: place }), remove };
}
