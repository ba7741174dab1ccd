/**
 * Builds the pages into `web/dist`, unless that holds what these sources give. `npm start` asks before each start: what
 * has not changed takes some milliseconds, and Vite is not even loaded.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeNoArguments } from '../platform/process/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'web', 'dist');
const stamp = 'sources.sha256';

/** What the pages are made of: their own files, what they share with the services, and the versions of the packages. */
const sources = ['web/ui/**/*.*', 'web/vite.config.ts', 'web/tsconfig.json', 'contracts/**/*.ts', 'openapi/**/*.ts'];

/** Whether the pages were built anew. Throws what Vite does not like about the sources. */
export async function buildPages(): Promise<boolean> {
  const fingerprint = fingerprintOf([...globSync(sources, { cwd: root }).sort(), 'package-lock.json']);
  if (existsSync(join(dist, stamp)) && readFileSync(join(dist, stamp), 'utf8') === fingerprint) return false;
  const { build } = await import('vite');
  // Beside its place first: whoever is served meanwhile gets the old pages, and a build that fails leaves them there.
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

/** Two builds may end at once: the later one stays, and each finds its place free. */
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
  takeNoArguments('npm run build:web', 'Builds the pages into web/dist, unless their sources are as they were.');
  const beganMs = process.uptime() * 1_000;
  try {
    if (await buildPages()) {
      console.error(`Built the pages in ${((process.uptime() * 1_000 - beganMs) / 1_000).toFixed(1)} s.`);
    }
  } catch (error) {
    if (!isMissingVite(error)) throw error;
    // Vite is optional: where its compiler has no build for the system, all goes on without pages.
    console.error('There are no new pages: Vite, which builds them, is not installed.');
  }
}
