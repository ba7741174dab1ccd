/**
 * Builds the pages into `web/dist` if their sources have changed. `npm start` runs this each time: without changes it
 * takes some milliseconds and does not load Vite.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeNoArguments } from '../platform/process/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'web', 'dist');
const stamp = 'sources.sha256';

/** The sources of the pages: their own files and the shared ones. The lock file, for package versions, is added below. */
const sources = ['web/ui/**/*.*', 'web/vite.config.ts', 'web/tsconfig.json', 'contracts/**/*.ts', 'openapi/**/*.ts'];

/** Builds the pages if their sources have changed. @returns whether it did. @throws the build errors of Vite. */
export async function buildPages(): Promise<boolean> {
  const fingerprint = fingerprintOf([...globSync(sources, { cwd: root }).sort(), 'package-lock.json']);
  if (existsSync(join(dist, stamp)) && readFileSync(join(dist, stamp), 'utf8') === fingerprint) return false;
  const { build } = await import('vite');
  // Built in a separate folder: a running server keeps serving the old pages, and a failed build leaves them intact.
  const fresh = `${dist}-${process.pid}`;
  try {
    await build({ configFile: join(root, 'web', 'vite.config.ts'), build: { outDir: fresh } });
    writeFileSync(join(fresh, stamp), fingerprint);
    replace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return true;
}

function fingerprintOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** Replaces the built pages. Two builds may end at the same time: the later one wins, and neither fails. */
function replace(fresh: string): void {
  const old = `${fresh}-old`;
  mkdirSync(dist, { recursive: true });
  renameSync(dist, old);
  try {
    renameSync(fresh, dist);
  } catch (error) {
    if (!existsSync(join(dist, stamp))) throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

function isMissingVite(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && /'vite'/.test((error as Error).message);
}

if (import.meta.main) {
  takeNoArguments('npm run build:web', 'Builds the pages into web/dist, if their sources have changed.');
  const beganMs = process.uptime() * 1_000;
  try {
    if (await buildPages()) {
      console.error(`Built the pages in ${((process.uptime() * 1_000 - beganMs) / 1_000).toFixed(1)} s.`);
    }
  } catch (error) {
    if (!isMissingVite(error)) throw error;
    // Vite is optional: its compiler has no build for some systems, and Startlist then runs without pages.
    console.error('Vite is not installed, so the pages were not built.');
  }
}
