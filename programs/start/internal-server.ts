import { port, readEnvironment, WrongConfiguration } from '../../platform/config.ts';
import type { Database } from '../../platform/database/database.ts';
import { healthRoutes } from '../../platform/http/health.ts';
import { measureDatabases, metricsRoute } from '../../platform/http/request-metrics.ts';
import type { Server } from '../../platform/http/server.ts';
import { createInternalServer } from '../../platform/rpc/server.ts';
import { serviceToken as secret } from '../../platform/rpc/service-token.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { createRegistry, type Registry } from '../../platform/telemetry/metrics.ts';

/** The internal port, and the service token that its callers must send. */
export interface InternalServerConfig {
  readonly port: number;
  readonly serviceToken: string;
}

/**
 * Reads the configuration of the internal port.
 * @returns undefined without `INTERNAL_PORT`. @throws WrongConfiguration when the port is set but not the token.
 */
export function readInternalServerConfig(environment: NodeJS.ProcessEnv): InternalServerConfig | undefined {
  const { INTERNAL_PORT: given, SERVICE_TOKEN: serviceToken } = readEnvironment(environment, {
    INTERNAL_PORT: port({ default: undefined }),
    SERVICE_TOKEN: secret({ default: undefined }),
  });
  if (given === undefined) return undefined;
  if (serviceToken !== undefined) return { port: given, serviceToken };
  throw new WrongConfiguration('SERVICE_TOKEN: is required when INTERNAL_PORT is set');
}

/** The internal server of `npm start`: metrics and health only, because the services call each other directly. */
export interface InternalServer {
  readonly server: Server;
  readonly registry: Registry;
}

/** Opens the internal server. @returns undefined without a configured port; then nothing is measured. */
export function openInternalServer(
  config: InternalServerConfig | undefined,
  log: Logger,
  databases: Readonly<Record<string, Database>>,
): InternalServer | undefined {
  if (config === undefined) return undefined;
  const registry = createRegistry();
  measureDatabases(registry, databases);
  const server = createInternalServer(log, config.serviceToken);
  metricsRoute(server, registry);
  healthRoutes(server, () => true);
  return { server, registry };
}
