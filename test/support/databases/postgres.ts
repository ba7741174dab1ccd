import { realWorld } from '../../../platform/world.ts';
import { type Binaries, findBinaries, NoPostgres } from '../../../programs/cluster/postgres-binaries.ts';
import { type PostgresServer, startCluster } from '../../../programs/cluster/postgres-server.ts';

export { NoPostgres } from '../../../programs/cluster/postgres-binaries.ts';
export { freePort, type PostgresServer, type StopMode } from '../../../programs/cluster/postgres-server.ts';

export interface PostgresOptions {
  /** Additional settings, by their names in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The data folder; by default a temporary one, which `remove` deletes. */
  readonly folder?: string;
  /** The port on 127.0.0.1; by default any free port. */
  readonly port?: number;
  /** Whether a commit is flushed to disk as in production. Otherwise tests run faster, and a crash loses data. */
  readonly durable?: boolean;
  /** The programs to use; by default those that `findTestBinaries` finds. */
  readonly binaries?: Binaries;
}

const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts a PostgreSQL server for tests, with an empty cluster unless `folder` has one. Its superuser needs no password.
 * @throws NoPostgres with one clear reason if it cannot start.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { binaries = findTestBinaries(), settings, durable = false, folder, port } = options;
  return startCluster({
    world: realWorld(),
    binaries,
    settings: { ...(durable ? {} : careless), ...settings },
    ...(folder !== undefined && { folder }),
    ...(port !== undefined && { port }),
  });
}

/**
 * The PostgreSQL programs for tests. `TEST_POSTGRES` restricts the search to `system` or `embedded`, or disables it
 * with `none`. @throws NoPostgres
 */
export function findTestBinaries(): Binaries {
  const which = process.env.TEST_POSTGRES ?? '';
  if (which === '' || which === 'system' || which === 'embedded') return findBinaries(which || undefined);
  if (which === 'none') throw new NoPostgres('TEST_POSTGRES is none');
  throw new NoPostgres(`TEST_POSTGRES must be system, embedded or none, not "${which}"`);
}

/** The `skip` option of tests that start a PostgreSQL server: the reason why none can start, or `false`. */
export function skipWithoutBinaries(): string | false {
  try {
    findTestBinaries().remove();
    return false;
  } catch (error) {
    return `PostgreSQL: skipped, because ${(error as Error).message}`;
  }
}
