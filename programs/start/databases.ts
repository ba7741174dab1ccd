import { type Service, services } from '../../contracts/services.ts';
import type { Database } from '../../platform/database/database.ts';
import { traceDatabase } from '../../platform/database/database-tracing.ts';
import { openPglite } from '../../platform/database/pglite.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import type { AppConfig } from './config.ts';

export interface Databases {
  readonly of: Readonly<Record<Service, Database>>;
  /** Each database once, named after the services that share it: `auth,events`. */
  readonly byName: Readonly<Record<string, Database>>;
  close(): Promise<void>;
}

/** Opens one database for each distinct connection URI, and the embedded one for services without a URI. */
export async function openDatabases({ databaseUrls, dataFolder }: AppConfig): Promise<Databases> {
  const opened = new Map<string | undefined, Database>();
  for (const url of new Set(services.map((service) => databaseUrls[service]))) {
    opened.set(url, traceDatabase(url === undefined ? await openPglite(dataFolder) : openPostgres(url, 20)));
  }
  const of = Object.fromEntries(services.map((service) => [service, opened.get(databaseUrls[service])]));
  const byName = [...opened].map(([url, database]) => {
    return [services.filter((service) => databaseUrls[service] === url).join(), database] as const;
  });
  return {
    byName: Object.fromEntries(byName),
    of: of as Record<Service, Database>,
    async close() {
      await Promise.all([...opened.values()].map((database) => database.close()));
    },
  };
}
