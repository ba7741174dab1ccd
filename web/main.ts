import type { AddressInfo } from 'node:net';
import { str } from 'envalid';
import { takeNoArguments } from '../kit/command.ts';
import { integer, port, readEnvironment } from '../kit/config.ts';
import { backlog } from '../kit/connections.ts';
import { doorSpecs, doorsOf } from '../kit/doors.ts';
import { healthRoutes } from '../kit/health.ts';
import { createServer } from '../kit/http.ts';
import { createLog, logLevelSpec } from '../kit/log.ts';
import { type Listening, tellParent } from '../kit/parent.ts';
import { runProgram } from '../kit/program.ts';
import { Readiness } from '../kit/readiness.ts';
import { realWorld } from '../kit/world.ts';
import { pageRoutes } from './files.ts';

takeNoArguments('npm run web', 'Serves the pages alone. Its settings come from the environment, see README.md.');
const world = realWorld();

/** The pages in a process of their own: files, and nothing that keeps state. Who looks at them asks the services. */
await runProgram('web', world, async () => {
  const env = readEnvironment(process.env, {
    PORT: port({ default: 8085 }),
    HOST: str({ default: '127.0.0.1' }),
    LOG_LEVEL: logLevelSpec,
    DRAIN_MS: integer(0, 5_000)({ default: 0 }),
    ...doorSpecs,
  });
  const log = createLog(env.LOG_LEVEL).child({ service: 'web' });
  const server = createServer(log, { doors: doorsOf(env), world });
  const readiness = new Readiness(world);
  healthRoutes(server, () => readiness.ask());
  if (!pageRoutes(server)) log.info('there are no pages: npm run build:web builds them');
  await server.listen({ host: env.HOST, port: env.PORT, backlog });
  const { port: found } = server.server.address() as AddressInfo;
  log.info({ port: found }, 'web is ready');
  tellParent({ listening: { port: found, internalPort: found } } satisfies Listening);
  return {
    async stop(signal) {
      log.info({ signal }, 'ending');
      await readiness.drain(env.DRAIN_MS);
      await server.close();
    },
  };
});
