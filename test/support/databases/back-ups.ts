import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Service } from '../../../contracts/services.ts';
import { services } from '../../../contracts/services.ts';
import type { Database } from '../../../platform/database/database.ts';
import { openPostgres } from '../../../platform/database/postgres/pool.ts';
import { createEmptyDatabase, type FreshDatabase, server } from './databases.ts';

const run = promisify(execFile);

/** The reason why no backup can be made, or `false`. pg_dump can only dump servers of its own version or older. */
export async function backUpsMissing(): Promise<string | false> {
  if ('missing' in server) return `backups: skipped, because ${server.missing}`;
  const { error, stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  if (error) return 'backups: skipped, because pg_dump is not installed';
  const database = openPostgres(server.url, 1);
  const [row] = await database.query<{ version: string }>(`select current_setting('server_version') as version`);
  await database.close();
  const [own, other] = [stdout.replace(/^\D+/, ''), row?.version ?? ''].map((text) => Number.parseInt(text, 10));
  return (own ?? 0) >= (other ?? 0)
    ? false
    : `backups: skipped, because pg_dump ${own} cannot dump a server of version ${other}`;
}

/** The four databases of the services, which are copied and restored with pg_dump and pg_restore. */
export class FourDatabases {
  readonly #folder: string;
  readonly #fresh = new Map<Service, FreshDatabase>();
  readonly #open = new Map<Service, Database>();

  /** @param folder the folder for the dumps. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates four empty databases and opens them. */
  async open(): Promise<Readonly<Record<Service, Database>>> {
    for (const service of services) {
      const fresh = await createEmptyDatabase();
      this.#fresh.set(service, fresh);
      this.#open.set(service, openPostgres(fresh.url));
    }
    return Object.fromEntries(this.#open) as Record<Service, Database>;
  }

  /** Copies the database of a service at one moment, while it is in use. */
  async copy(service: Service): Promise<void> {
    const url = this.#fresh.get(service)?.url ?? '';
    await run('pg_dump', ['--format=custom', '--no-owner', `--file=${this.#fileOf(service)}`, url]);
  }

  /** Drops all databases and restores each from its copy. */
  async restore(): Promise<Readonly<Record<Service, Database>>> {
    await this.lose();
    const databases = await this.open();
    const restored = services.map((service) => {
      const url = this.#fresh.get(service)?.url ?? '';
      return run('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${url}`, this.#fileOf(service)]);
    });
    await Promise.all(restored);
    return databases;
  }

  /** Closes and drops all databases. */
  async lose(): Promise<void> {
    for (const database of this.#open.values()) await database.close();
    for (const { drop } of this.#fresh.values()) await drop();
    this.#open.clear();
    this.#fresh.clear();
  }

  #fileOf(service: Service): string {
    return join(this.#folder, `${service}.dump`);
  }
}
