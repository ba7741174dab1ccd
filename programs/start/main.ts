import type { AddressInfo } from 'node:net';
import { knownPeople, timesInHours } from '../../auth/service.ts';
import { backlog } from '../../platform/http/edge/connection-limits.ts';
import { requireFree } from '../../platform/process/ports.ts';
import { runProgram, takeNoArguments } from '../../platform/process/program.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { openTracing } from '../../platform/telemetry/start.ts';
import { realWorld } from '../../platform/world.ts';
import { addressToOpen, banner } from './banner.ts';
import { readAppConfig, requireAdminPassword } from './config.ts';
import { openDatabases } from './databases.ts';
import { openInternalServer, readInternalServerConfig } from './internal-server.ts';
import { createStartlist } from './one-process.ts';
import { demoPeopleIn } from './people.ts';

takeNoArguments(
  'npm start',
  'Runs all of Startlist in one process until Ctrl-C. Settings come from environment variables, see docs/reference/settings.md.',
);
const world = realWorld();

await runProgram('Startlist', world, async () => {
  const config = readAppConfig(process.env);
  const internalConfig = readInternalServerConfig(process.env);
  requireAdminPassword(config, 'pglite');
  await requireFree(config.port, config.host);
  if (internalConfig !== undefined) await requireFree(internalConfig.port, config.host);
  const log = createLog(config.logLevel);
  const endTracing = await openTracing('startlist', world, log);
  const databases = await openDatabases(config);
  const { demo, adminPassword, currency, bookWaitMs, bookMaxOpen, edge } = config;
  const limits = { open: bookMaxOpen };
  const internal = openInternalServer(internalConfig, log, databases.byName);
  const registry = internal?.registry;
  const sessionTimes = timesInHours(config.sessionHours, config.sessionIdleHours);
  const settings = { demo, adminPassword, sessionTimes, currency, bookWaitMs, limits, edge };
  const wiring = { databases: databases.of, world, log, registry, ...settings, pages: true };
  const startlist = await createStartlist(wiring);
  await startlist.server.listen({ port: config.port, host: config.host, backlog });
  const { port } = startlist.server.server.address() as AddressInfo;
  if (internal !== undefined) {
    const address = await internal.server.listen({ port: internalConfig?.port ?? 0, host: config.host });
    log.info({ internal: address }, 'metrics server is ready');
  }
  const isEmbedded = Object.values(config.databaseUrls).some((url) => url === undefined);
  const whereData = isEmbedded ? `${config.dataFolder} (embedded PostgreSQL)` : 'PostgreSQL';
  const demoPeople = demo ? await demoPeopleIn(() => knownPeople(databases.of.auth, world), log) : undefined;
  process.stdout.write(banner(addressToOpen(config.host, port), { demoPeople, whereData }));
  return {
    async stop(signal) {
      log.info({ signal }, 'shutting down');
      await startlist.stop();
      await internal?.server.close();
      await databases.close();
      await endTracing();
    },
  };
});
