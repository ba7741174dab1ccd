import type { AddressInfo } from 'node:net';
import { str } from 'envalid';
import { integer, port, readEnvironment } from '../platform/config.ts';
import { backlog } from '../platform/http/edge/connection-limits.ts';
import { edgeOf, edgeSpecs } from '../platform/http/edge/edge.ts';
import { healthRoutes } from '../platform/http/health.ts';
import { Readiness } from '../platform/http/readiness.ts';
import { createServer } from '../platform/http/server.ts';
import { type Listening, notifySupervisor } from '../platform/process/ipc.ts';
import { runProgram, takeNoArguments } from '../platform/process/program.ts';
import { createLog, logLevelSpec } from '../platform/telemetry/log.ts';
import { realWorld } from '../platform/world.ts';
import { pageRoutes } from './files.ts';

takeNoArguments(
  'npm run web',
  'Serves the pages only. Its settings come from the environment, see docs/reference/settings.md.',
);
const world = realWorld();

/** Serves the static pages in a separate, stateless process. Browsers call the services directly. */
await runProgram('web', world, async () => {
  const env = readEnvironment(process.env, {
    PORT: port({ default: 8085 }),
    HOST: str({ default: '127.0.0.1' }),
    LOG_LEVEL: logLevelSpec,
    DRAIN_MS: integer(0, 5_000)({ default: 0 }),
    ...edgeSpecs,
  });
  const log = createLog(env.LOG_LEVEL).child({ service: 'web' });
  const server = createServer(log, { edge: edgeOf(env), world });
  const readiness = new Readiness(world);
  healthRoutes(server, () => readiness.ask());
  if (!pageRoutes(server)) log.info('the pages are not built; run npm run build:web');
  await server.listen({ host: env.HOST, port: env.PORT, backlog });
  const { port: found } = server.server.address() as AddressInfo;
  log.info({ port: found }, 'web is ready');
  notifySupervisor({ listening: { port: found, internalPort: found } } satisfies Listening);
  return {
    async stop(signal) {
      log.info({ signal }, 'stopping');
      await readiness.drain(env.DRAIN_MS);
      await server.close();
    },
  };
});
