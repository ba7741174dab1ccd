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
import type { GatewayCommand, Ready } from './messages.ts';
import { probeWith } from './probe.ts';
import { Replicas } from './replicas.ts';
import { internalUpstream, publicUpstream } from './upstreams.ts';

const world = realWorld();

/** How much longer than BOOK_WAIT_MS a replica may take to begin its response, in milliseconds. */
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
  // Only on the loopback address: internal routes must not be reachable from other machines.
  const internalPort = await listen(internal, env.INTERNAL_PORT, '127.0.0.1');
  const publicPort = await listen(outside, env.PORT, env.HOST);
  onSupervisorMessage((message) => {
    const command = message as GatewayCommand;
    if ('replicas' in command) replicas.replace(command.replicas);
    if ('close' in command) void close(outside);
  });
  log.info({ port: publicPort, internalPort }, 'gateway is ready');
  notifySupervisor({ listening: { port: publicPort, internalPort } } satisfies Listening);
  return {
    async stop(signal) {
      log.info({ signal }, 'shutting down');
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

/** Closes the port. Resolves when all requests in flight have been answered. */
async function close(server: Server): Promise<void> {
  let isClosed = false;
  server.close(() => {
    isClosed = true;
  });
  // A keep-alive connection whose request was answered meanwhile would otherwise keep the server open.
  for (; !isClosed; await pause(world, 20)) server.closeIdleConnections();
}
