import { createLog } from '../kit/log.ts';
import { runProgram } from '../kit/program.ts';
import { realWorld } from '../kit/world.ts';
import { banner } from './banner.ts';
import { readAppConfig } from './config.ts';
import { openDatabases } from './databases.ts';
import { createStartlist } from './startlist.ts';

const world = realWorld();

await runProgram('Startlist', world, async () => {
  const config = readAppConfig(process.env);
  const log = createLog(config.logLevel);
  const databases = await openDatabases(config);
  const { demo, adminPassword, bookWaitMs, bookMaxOpen } = config;
  const limits = { open: bookMaxOpen };
  const wiring = { databases: databases.of, world, log, demo, adminPassword, bookWaitMs, limits };
  const startlist = await createStartlist(wiring);
  const address = await startlist.server.listen({ port: config.port, host: config.host });
  process.stdout.write(banner(address, config));
  return {
    async stop(signal) {
      log.info({ signal }, 'ending');
      await startlist.stop();
      await databases.close();
    },
  };
});
