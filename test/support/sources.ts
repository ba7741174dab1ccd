import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files that match a pattern: their paths from the root, with `/` as the separator, and their text. */
export function readSources(pattern: string): Map<string, string> {
  const isForeign = (path: string) => /^(node_modules|data|\.git)$/.test(path);
  const paths = globSync(pattern, { cwd: root, exclude: isForeign }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
