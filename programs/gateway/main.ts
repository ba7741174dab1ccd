import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { str } from 'envalid';
import { port, readEnvironment, waitSpec } from '../../platform/config.ts';
import { backlog } from '../../platform/http/edge/connection-limits.ts';
import { edgeOf, edgeSpecs } from '../../platform/http/edge/edge.ts';
import { type Listening, notifySupervisor, onSupervisorMessage } from '../../platform/process/ipc.ts';
import { runProgram } from '../../platform/process/program.ts';
import { createLog, logLevelSpec } from '../../platform/telemetry/log.ts';
import { pause, realWorld } from '../../platform/world.ts';
import { createGateway, openAgent } from './gateway.ts';
import type { Order, Ready } from './orders.ts';
import { probeWith } from './probe.ts';
import { Replicas } from './replicas.ts';
import { internalUpstream, publicUpstream } from './upstreams.ts';

const world = realWorld();

/** How much longer than a booking's wait an answer may take, in milliseconds, before its replica is given up. */
const graceMs = 10_000;

await runProgram('gateway', world, async () => {
  const env = readEnvironment(process.env, {
    PORT: port({ default: 8080 }),
    INTERNAL_PORT: port({ default: 9080 }),
    HOST: str({ default: '127.0.0.1' }),
    BOOK_WAIT_MS: waitSpec,
    LOG_LEVEL: logLevelSpec,
    ...edgeSpecs,
  });
  const log = createLog(env.LOG_LEVEL).child({ service: 'gateway' });
  const agent = openAgent(env.BOOK_WAIT_MS + graceMs);
  const replicas = new Replicas(world, probeWith(agent, world), () =>
    notifySupervisor({ ready: true } satisfies Ready),
  );
  const parts = { replicas, agent, log };
  const internal = createGateway({ ...parts, upstreamOf: internalUpstream, urlOf: ({ internalUrl }) => internalUrl });
  const outside = createGateway({
    ...parts,
    upstreamOf: publicUpstream,
    urlOf: ({ publicUrl }) => publicUrl,
    edge: edgeOf(env),
  });
  // Of this machine alone: what passes there is not meant for others.
  const internalPort = await listen(internal, env.INTERNAL_PORT, '127.0.0.1');
  const publicPort = await listen(outside, env.PORT, env.HOST);
  onSupervisorMessage((message) => {
    const order = message as Order;
    if ('replicas' in order) replicas.replace(order.replicas);
    if ('close' in order) void close(outside);
  });
  log.info({ port: publicPort, internalPort }, 'gateway is ready');
  notifySupervisor({ listening: { port: publicPort, internalPort } } satisfies Listening);
  return {
    async stop(signal) {
      log.info({ signal }, 'ending');
      await close(outside);
      await close(internal);
      await agent.close();
    },
  };
});

async function listen(server: Server, wanted: number, host: string): Promise<number> {
  server.listen({ port: wanted, host, backlog });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Takes nothing new; resolves when what is under way has been answered. */
async function close(server: Server): Promise<void> {
  let isClosed = false;
  server.close(() => {
    isClosed = true;
  });
  // A connection whose request is answered meanwhile would be kept for the next one, which must not come.
  for (; !isClosed; await pause(world, 20)) server.closeIdleConnections();
}
