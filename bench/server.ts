import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { realWorld } from '../platform/world.ts';
import { findBinaries } from '../programs/cluster/postgres-binaries.ts';
import { startCluster } from '../programs/cluster/postgres-server.ts';
import { childrenOf } from './processes.ts';

/** A PostgreSQL server that all rows of a run share, each with a database of its own. */
export interface BenchServer {
  /** What it is, for the head of the table. */
  readonly title: string;
  /** Its processes; none when it was there before, perhaps on another machine. */
  pids(): number[];
  /** Creates an empty database. @returns its URL. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** The rows of a statement in its own database, not in a row's. */
  ask(text: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** How much it has written to its log so far, in bytes. */
  walBytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * What a server of this size is usually given. Every commit is flushed to disk, as PostgreSQL does unless told
 * otherwise. Checkpoints come by time alone, so that none falls into one row's seconds and not into another's.
 */
const settings = {
  max_connections: '300',
  shared_buffers: '1GB',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
};

/**
 * The server that TEST_DATABASE_URL names, as it is; or else one that is started for this run, from the programs that
 * tests use as well.
 * @throws NoPostgres when there is none.
 */
export async function openServer(extra: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const named = process.env.TEST_DATABASE_URL ?? '';
  const nothing = { pids: () => [], stop: async () => {} };
  if (named !== '') return onServer(named, 'the PostgreSQL of TEST_DATABASE_URL', nothing);
  const cluster = await startCluster({
    world: realWorld(),
    binaries: findBinaries(),
    settings: { ...settings, ...extra },
  });
  const postmaster = Number(readFileSync(join(cluster.folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const pids = () => [postmaster, ...childrenOf(postmaster)];
  return onServer(cluster.url, cluster.binaries.title, { pids, stop: () => cluster.remove() });
}

function onServer(url: string, title: string, own: Pick<BenchServer, 'pids' | 'stop'>): BenchServer {
  const command = async (text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return (await client.query(text).finally(() => client.end())).rows;
  };
  return {
    ...own,
    title,
    ask: command,
    async walBytes() {
      const [row] = await command(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as bytes`);
      return Number(row.bytes);
    },
    async createDatabase(name) {
      await command(`drop database if exists ${name} with (force)`);
      await command(`create database ${name} template template0 encoding 'UTF8'`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return own.href;
    },
    async dropDatabase(name) {
      await command(`drop database if exists ${name} with (force)`);
    },
  };
}
