import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { Unavailable } from '../../platform/errors.ts';
import { Chance } from '../support/chance.ts';
import { type PostgresServer, startPostgres } from '../support/databases/postgres.ts';
import { TcpProxy } from '../support/proxy.ts';
import { assertNothingIsLost, assertOrderly, settle } from './aftermath.ts';
import { Crowd } from './crowd.ts';
import { type Battlefield, type FaultKind, Faults, faultKinds } from './faults.ts';
import { Fleet } from './fleet.ts';

export interface ChaosOptions {
  /** The duration of the faults. */
  readonly seconds: number;
  /** The seed of the faults and the requests. */
  readonly seed: number;
}

/** At least this many faults of each kind must happen while a booking is open, in each 45 s of faults. */
const least: Readonly<Record<FaultKind, number>> = {
  'kill -9 of a process': 6,
  'SIGSTOP of a process for 5 s': 2,
  'PostgreSQL restarted in immediate mode': 1,
  'connections from book to a participant cut': 2,
  'connections of a service to its database cut': 1,
  'connections of clients to book cut': 1,
};

/** The time limit for bookings to be answered again after the last fault, in milliseconds. */
const backWithinMs = 15_000;

/**
 * Runs two replicas of each service under load on a PostgreSQL server of their own, with repeated faults. After the
 * last fault every booking must settle, no rule may be broken, and every answer to a client must be true.
 */
export async function chaos(t: TestContext, { seconds, seed }: ChaosOptions): Promise<void> {
  const server = await startPostgres({ durable: true });
  t.diagnostic(`seed ${seed}, on ${server.binaries.title}`);
  const chance = new Chance(seed);
  const field = await prepare(server);
  const faults = new Faults(field, chance);
  const needed = (kind: FaultKind) => Math.floor((least[kind] * seconds) / 45);
  let crowd: Crowd | undefined;
  try {
    crowd = await Crowd.gather(field.fleet, chance.whole(0, 2 ** 31));
    crowd.start();
    await faults.rage(seconds, () => faultKinds.every((kind) => faults.counted(kind) >= needed(kind)));
    await crowd.answered(50, backWithinMs);
    await crowd.stop();
    t.diagnostic(crowd.ledger.summary());
    await field.fleet.ready();
    t.diagnostic(`all settled ${await settle(field.sql)} ms after the last answer`);
    await assertNothingIsLost(crowd, field.sql);
  } catch (error) {
    await crowd?.stop().catch(() => {});
    for (const { atMs, kind, what, open } of faults.history)
      t.diagnostic(`${atMs} ms: ${kind}: ${what} (${open} open)`);
    throw error;
  } finally {
    await field.end();
  }
  assertOrderly(field.fleet);
  for (const kind of faultKinds) {
    const [counted, tried] = [faults.counted(kind), faults.history.filter((fault) => fault.kind === kind).length];
    t.diagnostic(`${kind}: ${tried}, of which ${counted} met open bookings`);
    assert.ok(counted >= needed(kind), `${kind}: only ${counted} of ${needed(kind)} met open bookings`);
  }
}

/**
 * Starts the services, each with a proxy in front of its database, and a connection to the tables that no fault cuts.
 */
async function prepare(server: PostgresServer): Promise<Battlefield & { end(): Promise<void> }> {
  const open = async (service: Service) => [service, await TcpProxy.open([server.port])] as const;
  const databases = Object.fromEntries(await Promise.all(services.map(open))) as Record<Service, TcpProxy>;
  const urls = services.map((service) => [service, urlAt(server.url, databases[service].port)]);
  const database = openPostgres(server.url, 2);
  const close = async () => {
    await database.close();
    for (const service of services) await databases[service].close();
    await server.remove();
  };
  try {
    const fleet = await Fleet.start({
      replicas: 2,
      databaseUrls: Object.fromEntries(urls) as Record<Service, string>,
      environment: { BOOK_WAIT_MS: '4000' },
    });
    const end = async () => {
      await fleet.stop();
      await close();
    };
    return { fleet, server, databases, sql: patient(database), end };
  } catch (error) {
    await close();
    throw error;
  }
}

function urlAt(url: string, port: number): string {
  const other = new URL(url);
  other.port = String(port);
  return other.href;
}

/** A connection that retries its queries while the database is unavailable. */
function patient(database: Database): Sql {
  return {
    async query(text, values) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await database.query(text, values);
        } catch (error) {
          if (!(error instanceof Unavailable) || tries === 100) throw error;
          await pause(100);
        }
      }
    },
  };
}
