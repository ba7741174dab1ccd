import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { realWorld } from '../platform/world.ts';
import { findBinaries } from '../programs/cluster/postgres-binaries.ts';
import { startCluster } from '../programs/cluster/postgres-server.ts';
import { childrenOf } from './processes.ts';

/** The PostgreSQL server of a run, with a database for each measured system. */
export interface BenchServer {
  /** The version of PostgreSQL and where it comes from, as shown in the reports. */
  readonly title: string;
  /** The server's processes; empty for the server of TEST_DATABASE_URL, which may be on another machine. */
  pids(): number[];
  /** Creates an empty database. @returns its URL. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Runs a statement in the server's default database. */
  ask(text: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** The WAL position in bytes. */
  walBytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Usual settings for a server of this size. Every commit is flushed to disk, as by default. Checkpoints are an hour
 * apart: a checkpoint during a turn would slow down only the system that has this turn.
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
 * Uses the server of TEST_DATABASE_URL with its own settings, or starts one with the PostgreSQL that the tests use.
 * @throws NoPostgres
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
