import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { NoPostgres } from '../kit/binaries.ts';
import { openPostgres } from '../kit/postgres.ts';
import { assertNothingIsLost, assertOrderly, settle } from './aftermath.ts';
import { Crowd } from './crowd.ts';
import { Fleet } from './fleet.ts';
import { freePort, type PostgresServer, startPostgres } from './postgres.ts';

export interface FailoverOptions {
  /** How many of each service. */
  readonly replicas: number;
  /** What the requests follow from. */
  readonly seed: number;
}

/** A primary, and a standby without which it acknowledges no commit. */
interface Pair {
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  remove(): Promise<void>;
}

/** How soon after the promotion bookings are answered again, in milliseconds. */
const backWithinMs = 15_000;

/**
 * The services under load on a primary with a synchronous standby. The primary is killed and the standby promoted, as
 * an operator's program would do it; the services, who know both addresses, go on by themselves. Whatever was
 * acknowledged is there and true. Without PostgreSQL's programs the test is skipped, and says so.
 */
export async function failOver(t: TestContext, { replicas, seed }: FailoverOptions): Promise<void> {
  const pair = await startPair(t);
  if (pair === undefined) return;
  const { primary, standby } = pair;
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
    await crowd.answered(200, backWithinMs);
    const killedMs = performance.now();
    await primary.kill();
    await promote(standby);
    t.diagnostic(`the standby takes writes ${Math.round(performance.now() - killedMs)} ms after the kill`);
    await crowd.answered(200, backWithinMs);
    await crowd.stop();
    t.diagnostic(crowd.ledger.summary());
    const { ms, before } = gapAround(crowd, killedMs);
    t.diagnostic(`${ms} ms without a booking that came about, where the longest before was ${before} ms`);
    t.diagnostic(`all settled ${await settle(after)} ms after the last answer`);
    await assertNothingIsLost(crowd, after);
    assert.deepEqual(
      fleet.replicas.map(({ pid }) => pid),
      pids,
      'every process lived through it',
    );
  } catch (error) {
    await crowd?.stop().catch(() => {});
    throw error;
  } finally {
    await fleet?.stop();
    await after.close();
    await pair.remove();
  }
  if (fleet !== undefined) assertOrderly(fleet);
}

/** The longest time between two bookings that came about, after the kill and before it, in milliseconds. */
function gapAround({ ledger }: Crowd, killedMs: number): { readonly ms: number; readonly before: number } {
  const moments = ledger.bookings
    .flatMap(({ told, answeredMs }) => (told?.status === 4 && answeredMs !== undefined ? [answeredMs] : []))
    .sort((a, b) => a - b);
  let [ms, before] = [0, 0];
  for (const [index, moment] of moments.entries()) {
    const gap = Math.round(moment - (moments[index - 1] ?? moment));
    if (moment > killedMs) ms = Math.max(ms, gap);
    else before = Math.max(before, gap);
  }
  return { ms, before };
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
 * Starts a primary and a standby. The standby begins as a copy of the stopped primary's folder: that needs no program
 * that the embedded PostgreSQL lacks. The primary waits for it with every commit from its first start on.
 */
async function startPair(t: TestContext): Promise<Pair | undefined> {
  let primary: PostgresServer;
  try {
    primary = await startPostgres({ durable: true, settings: { synchronous_standby_names: '*' } });
  } catch (error) {
    if (!(error instanceof NoPostgres)) throw error;
    t.skip(`PostgreSQL: skipped, because ${error.message}`);
    return undefined;
  }
  const { binaries } = primary;
  const folder = `${primary.folder}-standby`;
  const removeAll = async (standby?: PostgresServer) => {
    await standby?.remove();
    rmSync(folder, { recursive: true, force: true });
    await primary.remove();
  };
  try {
    await primary.stop();
    const { status, stderr } = spawnSync('cp', ['-Rp', primary.folder, folder], { ...binaries.user, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    writeFileSync(join(folder, 'standby.signal'), '');
    await primary.start();
    const settings = { primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres` };
    const standby = await startPostgres({ durable: true, settings, folder, binaries, port: await freePort() });
    return { primary, standby, remove: () => removeAll(standby) };
  } catch (error) {
    await removeAll();
    throw error;
  }
}
