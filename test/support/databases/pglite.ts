import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

let emptyCluster: Promise<Blob> | undefined;

/**
 * An empty cluster for PGlite. To create one takes 1.3 s (3.5 s the first time in a process), to load a copy of one
 * 0.3 to 0.5 s; so a copy is kept in the system's temporary folder, one for each version and user.
 */
export function emptyPglite(): Promise<Blob> {
  emptyCluster ??= loadCluster();
  return emptyCluster;
}

async function loadCluster(): Promise<Blob> {
  const description = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(description, 'utf8'));
  const user = process.getuid?.() ?? 'user';
  const path = join(tmpdir(), `startlist-empty-pglite-${version}-${user}.tar`);
  try {
    return new Blob([readFileSync(path)]);
  } catch {
    const pglite = await PGlite.create();
    const cluster = await pglite.dumpDataDir('none');
    await pglite.close();
    await keep(path, cluster);
    return cluster;
  }
}

/** Whoever reads the file meanwhile finds a whole one or none. Where it can't be written, each file makes its own. */
async function keep(path: string, cluster: Blob): Promise<void> {
  const part = `${path}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.from(await cluster.arrayBuffer()), { mode: 0o600 });
    renameSync(part, path);
  } catch {
    rmSync(part, { force: true });
  }
}
