import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { str } from 'envalid';
import { adminPasswordSpec, requireGoodPassword } from '../../auth/service.ts';
import type { Currency } from '../../contracts/account/schemas.ts';
import type { Service } from '../../contracts/services.ts';
import {
  currencySpec,
  demoSpec,
  digitsSpec,
  idleHoursSpec,
  maxOpenSpec,
  port,
  postgresUrl,
  readEnvironment,
  sessionHoursSpec,
  WrongConfiguration,
  waitSpec,
} from '../../platform/config.ts';
import { type Edge, edgeOf, edgeSpecs } from '../../platform/http/edge/edge.ts';
import { type LogLevel, logLevelSpec } from '../../platform/telemetry/log.ts';

export { type Service, services } from '../../contracts/services.ts';

/** The configuration of all four services in one process. */
export interface AppConfig {
  readonly port: number;
  readonly host: string;
  /** The folder of the embedded database, for services without a database URL. */
  readonly dataFolder: string;
  /** The connection URI of each service's database; undefined for the embedded one. */
  readonly databaseUrls: Readonly<Record<Service, string | undefined>>;
  /** Whether the demo accounts exist and people can top up their own balance. */
  readonly demo: boolean;
  readonly adminPassword: string | undefined;
  /** How amounts are displayed. */
  readonly currency: Currency;
  /** The maximum duration of a session. */
  readonly sessionHours: number;
  /** The time without use after which a session ends. */
  readonly sessionIdleHours: number;
  readonly bookWaitMs: number;
  readonly bookMaxOpen: number;
  readonly logLevel: LogLevel;
  readonly edge: Edge;
}

/** @throws WrongConfiguration listing all invalid variables in one line. */
export function readAppConfig(environment: NodeJS.ProcessEnv): AppConfig {
  const optionalUrl = postgresUrl({ default: undefined });
  const env = readEnvironment(environment, {
    PORT: port({ default: 8080 }),
    HOST: str({ default: '127.0.0.1' }),
    DATA_DIR: str({ default: './data' }),
    DATABASE_URL: optionalUrl,
    AUTH_DATABASE_URL: optionalUrl,
    EVENTS_DATABASE_URL: optionalUrl,
    ACCOUNT_DATABASE_URL: optionalUrl,
    BOOK_DATABASE_URL: optionalUrl,
    DEMO: demoSpec(environment),
    ADMIN_PASSWORD: adminPasswordSpec(environment),
    CURRENCY: currencySpec,
    CURRENCY_DIGITS: digitsSpec,
    SESSION_HOURS: sessionHoursSpec,
    SESSION_IDLE_HOURS: idleHoursSpec,
    BOOK_WAIT_MS: waitSpec,
    BOOK_MAX_OPEN: maxOpenSpec,
    LOG_LEVEL: logLevelSpec,
    ...edgeSpecs,
  });
  return {
    port: env.PORT,
    host: env.HOST,
    dataFolder: env.DATA_DIR,
    databaseUrls: {
      auth: env.AUTH_DATABASE_URL ?? env.DATABASE_URL,
      events: env.EVENTS_DATABASE_URL ?? env.DATABASE_URL,
      account: env.ACCOUNT_DATABASE_URL ?? env.DATABASE_URL,
      book: env.BOOK_DATABASE_URL ?? env.DATABASE_URL,
    },
    demo: env.DEMO,
    adminPassword: env.ADMIN_PASSWORD,
    currency: { currency: env.CURRENCY, digits: env.CURRENCY_DIGITS },
    sessionHours: env.SESSION_HOURS,
    sessionIdleHours: env.SESSION_IDLE_HOURS,
    bookWaitMs: env.BOOK_WAIT_MS,
    bookMaxOpen: env.BOOK_MAX_OPEN,
    logLevel: env.LOG_LEVEL,
    edge: edgeOf(env),
  };
}

/**
 * Requires ADMIN_PASSWORD before a new database is created without the demo. An existing database is checked after it
 * has been opened, because it may already have an admin.
 * @param made the entry in the data folder that shows that the database exists.
 * @throws WrongConfiguration
 */
export function requireAdminPassword(config: AppConfig, made: 'pglite' | 'postgres'): void {
  if (config.demo || config.databaseUrls.auth !== undefined) return;
  if (!existsSync(join(config.dataFolder, made))) requirePasswordFor(config);
}

/** @throws WrongConfiguration when the first admin's password is missing or too weak. */
export function requirePasswordFor({ adminPassword }: Pick<AppConfig, 'adminPassword'>): void {
  if (adminPassword === undefined) throw new AdminPasswordNeeded();
  requireGoodPassword(adminPassword);
}

class AdminPasswordNeeded extends WrongConfiguration {
  constructor() {
    super('ADMIN_PASSWORD: is required when DEMO is not true and admin has no password yet, or the demo’s');
  }
}
