/**
 * A Startlist with batches of one booking: each booking has its own transactions, as in a plain implementation. Each state
 * has four lanes. With 20 lanes there were a tenth fewer bookings a second, because bookings of the hot event waited for
 * each other's locks.
 */
import type { AddressInfo } from 'node:net';
import { runProgram } from '../../platform/process/program.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { readAppConfig } from '../../programs/start/config.ts';
import { openDatabases } from '../../programs/start/databases.ts';
import { createStartlist } from '../../programs/start/one-process.ts';

const world = realWorld();

await runProgram('Startlist in batches of one', world, async () => {
  const config = readAppConfig(process.env);
  const databases = await openDatabases(config);
  const { demo, adminPassword, bookWaitMs, bookMaxOpen } = config;
  const limits = { open: bookMaxOpen, batches: { lanes: 4, maxBatch: 1 } };
  const log = createLog(config.logLevel);
  const wiring = { databases: databases.of, world, log, demo, adminPassword, bookWaitMs, limits };
  const startlist = await createStartlist(wiring);
  await startlist.server.listen({ port: config.port, host: config.host });
  const { port } = startlist.server.server.address() as AddressInfo;
  process.send?.({ listening: { port, internalPort: 0 } });
  return {
    async stop() {
      await startlist.stop();
      await databases.close();
    },
  };
});
