import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../../platform/database/database.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { freePort } from '../../programs/cluster/postgres-server.ts';
import { putOn } from '../load/put-on.ts';
import { brokenPeerRules, hasOpen } from './peer-rules.ts';
import { type Program, startProgram } from './program.ts';
import type { BenchContext, Row, Target } from './row.ts';
import { oneProcess, root } from './startlist.ts';

const folder = join(root, 'bench', 'peers');
const missing = existsSync(join(folder, 'node_modules'))
  ? undefined
  : 'the peers are not installed: npm ci --prefix bench/peers';

/** The environment of a peer: a database with Startlist's tables, and another for the peer's own data. */
interface Ground {
  readonly context: BenchContext;
  readonly databaseUrl: string;
  readonly ownDatabaseUrl: string;
}

interface Peer {
  /** The address that takes bookings. */
  readonly url: string;
  /** The peer's processes, in the order in which they are stopped. */
  readonly programs: readonly Pick<Program, 'pid' | 'stop'>[];
}

function peerRow(name: string, title: string, start: (ground: Ground) => Promise<Peer>): Row {
  return {
    name,
    title,
    connections: 64,
    ...(missing !== undefined && { missing }),
    async open(context, setting): Promise<Target> {
      const urls: string[] = [];
      const createDatabase = async (database: string) => {
        urls.push(await context.server.createDatabase(database));
        return urls.at(-1) ?? '';
      };
      // A Startlist process creates the tables, people and events, and is idle while the peer runs.
      const startlist = await oneProcess(name, '').open(
        { ...context, server: { ...context.server, createDatabase } },
        setting,
      );
      const databaseUrl = urls[0] ?? '';
      const own = `startlist_bench_${process.pid}_${name}`;
      const peer = await start({ context, databaseUrl, ownDatabaseUrl: await context.server.createDatabase(own) });
      return {
        ...startlist,
        pids: peer.programs.map(({ pid }) => pid),
        shot: ({ id }, eventId) => ({
          method: 'POST',
          path: '/book/create',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ event_id: eventId, person_id: id }),
        }),
        drive: (load) => putOn({ ...load, url: peer.url }),
        async reconcile() {
          const database = openPostgres(databaseUrl, 1);
          const broken = await settledRules(database).finally(() => database.close());
          if (broken.length > 0) throw new Error(`${name} broke these rules: ${broken.join(', ')}`);
        },
        async close() {
          for (const program of peer.programs) await program.stop();
          await startlist.close();
          await context.server.dropDatabase(own);
        },
      };
    },
  };
}

/** Waits up to 20 s for bookings that were open when the load ended, then checks the rules. */
async function settledRules(database: Sql): Promise<string[]> {
  for (let tries = 0; tries < 100 && (await hasOpen(database)); tries += 1) await delay(200);
  return brokenPeerRules(database);
}

export const dbos = peerRow('dbos', 'DBOS Transact 5.3', async ({ context, databaseUrl, ownDatabaseUrl }) => {
  const program = await startProgram({
    root,
    path: 'bench/peers/dbos.ts',
    folder: context.folder,
    environment: { DATABASE_URL: databaseUrl, SYSTEM_DATABASE_URL: ownDatabaseUrl },
  });
  return { url: `http://127.0.0.1:${program.ports.port}`, programs: [program] };
});

export const restate = peerRow('restate', 'Restate 1.7', async ({ context, databaseUrl }) => {
  const program = await startProgram({
    root,
    path: 'bench/peers/restate.ts',
    folder: context.folder,
    environment: { DATABASE_URL: databaseUrl },
  });
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const server = startRestate(context.folder, { ingress, admin, node });
  await registerServices(`http://127.0.0.1:${admin}`, `http://127.0.0.1:${program.ports.port}`);
  return { url: `http://127.0.0.1:${ingress}`, programs: [server, program] };
});

/**
 * Starts one Restate node with all roles and the default durability: the node flushes its log to disk before it
 * answers. It has four partitions for two cores; the default of 24 partitions was slower.
 */
function startRestate(place: string, ports: { ingress: number; admin: number; node: number }) {
  const base = join(place, 'restate');
  mkdirSync(base, { recursive: true });
  const binary = join(folder, 'node_modules', '@restatedev', `restate-server-${process.platform}-${process.arch}`);
  const address = (port: number) => `127.0.0.1:${port}`;
  const child = spawn(join(binary, 'bin', 'restate-server'), ['--no-logo', '--listen-mode', 'tcp'], {
    cwd: base,
    stdio: 'ignore',
    env: {
      RESTATE_BASE_DIR: base,
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
      RESTATE_DEFAULT_NUM_PARTITIONS: process.env.PEER_PARTITIONS ?? '4',
      RESTATE_BIND_ADDRESS: address(ports.node),
      RESTATE_ADVERTISED_ADDRESS: `http://${address(ports.node)}`,
      RESTATE_INGRESS__BIND_ADDRESS: address(ports.ingress),
      RESTATE_ADMIN__BIND_ADDRESS: address(ports.admin),
    },
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Registers the services with Restate, and retries until Restate listens. */
async function registerServices(admin: string, uri: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${admin}/deployments`, { method: 'POST', headers, body: JSON.stringify({ uri }) });
      if (response.ok) return;
      throw new Error(`Restate answered ${response.status}: ${await response.text()}`);
    } catch (error) {
      if (tries === 100) throw error;
      await delay(200);
    }
  }
}
