import { WrongConfiguration } from '../kit/config.ts';
import { FolderInUse } from '../kit/lock.ts';
import { createLog } from '../kit/log.ts';
import { realWorld } from '../kit/world.ts';
import { banner } from './banner.ts';
import { readAppConfig } from './config.ts';
import { openDatabases } from './databases.ts';
import { createStartlist } from './startlist.ts';

/** For how long an orderly end may take, in milliseconds. What is still open then is taken up at the next start. */
const endWithinMs = 10_000;

async function main(): Promise<void> {
  const config = readAppConfig(process.env);
  const log = createLog(config.logLevel);
  const world = realWorld();
  const databases = await openDatabases(config);
  const { demo, adminPassword, bookWaitMs } = config;
  const startlist = await createStartlist({ databases: databases.of, world, log, demo, adminPassword, bookWaitMs });
  const address = await startlist.server.listen({ port: config.port, host: config.host });
  process.stdout.write(banner(address, config));

  let isEnding = false;
  const end = async (signal: NodeJS.Signals) => {
    // A second Ctrl-C means now. Nothing is lost by it: what is open is taken up at the next start.
    if (isEnding) process.exit(1);
    isEnding = true;
    log.info({ signal }, 'ending');
    world.later(endWithinMs, () => process.exit(1));
    await startlist.stop();
    await databases.close();
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

/** What whoever started it can mend is said in one line; anything else with all there is to know. */
function explain(error: unknown): string {
  if (error instanceof WrongConfiguration) return `Startlist can't start: ${error.message}`;
  if (error instanceof FolderInUse) return `Startlist can't start: ${error.message} (set DATA_DIR to use another)`;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Startlist can't start: port ${port} is taken (set PORT to use another)`;
  if (code === 'EACCES' && port !== undefined) return `Startlist can't start: port ${port} is not allowed`;
  return `Startlist can't start: ${error instanceof Error ? error.stack : String(error)}`;
}

await main().catch((error) => {
  console.error(explain(error));
  process.exit(1);
});
