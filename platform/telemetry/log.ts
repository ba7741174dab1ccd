import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { choice } from '../config.ts';
import { traceIds } from './trace.ts';

export type { DestinationStream, Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logLevelSpec = choice(...logLevels)({ default: 'info' });

/** Fields that are always hidden in the log. */
const secrets = ['password', 'cookie', 'authorization', 'session_id', '*.password', '*.cookie', '*.authorization'];

/** A log of JSON lines, on standard output by default. */
export function createLog(level: LogLevel, output: DestinationStream = openLogOutput()): Logger {
  const serializers = { err: serializeError };
  const redact = { paths: secrets, censor: '[hidden]' };
  return pino({ level, base: null, serializers, redact, mixin: () => traceIds() }, output);
}

/** Standard output: JSON lines, or colored text in a terminal. */
export function openLogOutput(): DestinationStream {
  if (!process.stdout.isTTY) return pino.destination({ dest: 1, sync: true });
  return pretty({
    colorize: true,
    ignore: 'pid,hostname,service,replica',
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: (entry, message) => `${sourceOf(entry)}${entry[message] ?? ''}`,
    sync: true,
  });
}

/** The service and replica of a log entry: `book.2 `. */
function sourceOf({ service, replica }: Record<string, unknown>): string {
  if (service === undefined) return '';
  return `${service}${replica === undefined ? '' : `.${replica}`} `;
}

/**
 * Reduces an error to its name, message, code and stack, and those of its causes. Other properties are not logged:
 * database drivers attach rows and values, which can include a password hash.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause !== undefined && { cause: serializeError(cause) }),
  };
}
