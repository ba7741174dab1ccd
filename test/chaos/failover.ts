import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { type PostgresServer, startPostgres } from '../support/databases/postgres.ts';
import { TcpProxy } from '../support/proxy.ts';
import { until } from '../support/until.ts';
import { assertNothingIsLost, assertOrderly, settle } from './aftermath.ts';
import { Crowd } from './crowd.ts';
import { Fleet } from './fleet.ts';

export interface FailoverOptions {
  /** The number of replicas of each service. */
  readonly replicas: number;
  /** The seed of the requests. */
  readonly seed: number;
}

/** A primary, and a standby that confirms every commit. */
interface Pair {
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  /** The proxy that carries the primary's write-ahead log to the standby. */
  readonly wire: TcpProxy;
  remove(): Promise<void>;
}

/** The time limit for bookings to be answered again after the promotion, in milliseconds. */
const backWithinMs = 15_000;

/** The time limit for 200 bookings when every commit waits for two disks, in milliseconds. */
const manyWithinMs = 60_000;

/** How long the standby is cut off before the primary is killed, in milliseconds. */
const lagMs = 400;

/**
 * Runs the services under load on a primary with a synchronous standby, then kills the primary and promotes the
 * standby, as an operator's failover tool would do. The services know both addresses and must continue without a
 * restart. Every acknowledged request must be stored as it was answered.
 */
export async function failOver(t: TestContext, { replicas, seed }: FailoverOptions): Promise<void> {
  const { primary, standby, wire, remove } = await startPair();
  t.diagnostic(`seed ${seed}, on ${primary.binaries.title}`);
  const after = openPostgres(standby.url, 2);
  let fleet: Fleet | undefined;
  let crowd: Crowd | undefined;
  try {
    const url = `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`;
    const databaseUrls = { auth: url, events: url, account: url, book: url };
    fleet = await Fleet.start({ replicas, databaseUrls, environment: { BOOK_WAIT_MS: '4000' } });
    const pids = fleet.replicas.map(({ pid }) => pid);
    crowd = await Crowd.gather(fleet, seed);
    crowd.start();
    await crowd.answered(200, manyWithinMs);
    // A commit that the primary acknowledged without the standby would be missing in the end.
    wire.stall(true);
    await untilCommitsWait(primary);
    await pause(lagMs);
    const killedMs = performance.now();
    await primary.kill();
    wire.cut();
    await promote(standby);
    t.diagnostic(`the standby takes writes ${Math.round(performance.now() - killedMs)} ms after the kill`);
    await crowd.answered(24, backWithinMs);
    await crowd.answered(176, manyWithinMs);
    await crowd.stop();
    t.diagnostic(crowd.ledger.summary());
    t.diagnostic(`the next booking came about ${nextAfter(crowd, killedMs)} ms after the kill`);
    t.diagnostic(`all settled ${await settle(after)} ms after the last answer`);
    await assertNothingIsLost(crowd, after);
    assert.deepEqual(
      fleet.replicas.map(({ pid }) => pid),
      pids,
      'no process ended during the failover',
    );
  } catch (error) {
    await crowd?.stop().catch(() => {});
    throw error;
  } finally {
    await fleet?.stop();
    await after.close();
    await remove();
  }
  if (fleet !== undefined) assertOrderly(fleet);
}

/** The time from `ms` to the next answer with a complete booking, in milliseconds. */
function nextAfter({ ledger }: Crowd, ms: number): number {
  const later = ledger.bookings.flatMap(({ told, answeredMs = 0 }) =>
    told?.status === 4 && answeredMs > ms ? [answeredMs - ms] : [],
  );
  return Math.round(Math.min(...later));
}

/** Waits until several commits wait for a standby that does not answer. */
async function untilCommitsWait({ url }: PostgresServer): Promise<void> {
  const look = openPostgres(url, 1);
  const waiting = "select from pg_stat_activity where wait_event = 'SyncRep'";
  try {
    await until('commits wait for the standby', async () => (await look.query(waiting)).length >= 4);
  } finally {
    await look.close();
  }
}

async function promote({ url }: PostgresServer): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select pg_promote() as "isPromoted"');
    assert.deepEqual(rows, [{ isPromoted: true }]);
  } finally {
    await client.end();
  }
}

/**
 * Starts a primary and a standby. The standby begins as a copy of the stopped primary's folder, because the embedded
 * PostgreSQL has no pg_basebackup. From its first start on, the primary waits for the standby at every commit.
 */
async function startPair(): Promise<Pair> {
  const primary = await startPostgres({ durable: true, settings: { synchronous_standby_names: '*' } });
  const wire = await TcpProxy.open([primary.port]);
  const folder = `${primary.folder}-standby`;
  const removeAll = async (standby?: PostgresServer) => {
    await standby?.remove();
    rmSync(folder, { recursive: true, force: true });
    await primary.remove();
    await wire.close();
  };
  try {
    await primary.stop();
    const { binaries } = primary;
    const { status, stderr } = spawnSync('cp', ['-Rp', primary.folder, folder], { ...binaries.user, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    writeFileSync(join(folder, 'standby.signal'), '');
    await primary.start();
    const settings = { primary_conninfo: `host=127.0.0.1 port=${wire.port} user=postgres` };
    const standby = await startPostgres({ durable: true, settings, folder, binaries });
    return { primary, standby, wire, remove: () => removeAll(standby) };
  } catch (error) {
    await removeAll();
    throw error;
  }
}
