import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { hashOfMigrations, migrateAll } from './template.ts';

let empty: Promise<Blob> | undefined;
let migrated: Promise<Blob> | undefined;

/**
 * An empty cluster for PGlite. Creating a cluster takes 1.3 s (3.5 s the first time in a process), but loading a copy
 * takes 0.3 to 0.5 s. So a copy for each version and user is kept in the system's temporary folder.
 */
export function emptyPglite(): Promise<Blob> {
  empty ??= loadCluster('empty', () => PGlite.create());
  return empty;
}

/** A cluster with the schemas of all four services. A copy is kept for each version of the migrations. */
export function migratedPglite(): Promise<Blob> {
  migrated ??= loadCluster(`migrated-${hashOfMigrations()}`, createMigrated);
  return migrated;
}

async function createMigrated(): Promise<PGlite> {
  const pglite = await PGlite.create({ loadDataDir: await emptyPglite() });
  await migrateAll({
    connection: (work) =>
      work({
        query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await pglite.query<Row>(text, [...values])).rows,
        script: async (text) => ((await pglite.exec(text)).at(-1)?.rows ?? []) as object[],
      }),
  });
  return pglite;
}

async function loadCluster(name: string, create: () => Promise<PGlite>): Promise<Blob> {
  const description = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(description, 'utf8'));
  const user = process.getuid?.() ?? 'user';
  const path = join(tmpdir(), `startlist-pglite-${version}-${user}-${name}.tar`);
  try {
    return new Blob([readFileSync(path)]);
  } catch {
    const pglite = await create();
    const cluster = await pglite.dumpDataDir('none');
    await pglite.close();
    await keep(path, cluster);
    return cluster;
  }
}

/** Writes a file and renames it, so that no reader sees half a file. If this fails, each process creates a cluster. */
async function keep(path: string, cluster: Blob): Promise<void> {
  const part = `${path}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.from(await cluster.arrayBuffer()), { mode: 0o600 });
    renameSync(part, path);
  } catch {
    rmSync(part, { force: true });
  }
}
