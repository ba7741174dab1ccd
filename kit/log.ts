import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What must never stand in a log, wherever in an entry it turns up. */
const secrets = ['password', 'cookie', 'authorization', 'session_id', '*.password', '*.cookie', '*.authorization'];

/** A log on standard output: lines of JSON for machines, or colored lines where a person watches a terminal. */
export function createLog(level: LogLevel): Logger {
  const serializers = { err: errorInWords };
  const options = { level, base: null, serializers, redact: { paths: secrets, censor: '[hidden]' } };
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
    : pino(options);
}

/**
 * What a log says of an error: its name, message, code and stack, and the same of its causes. Databases hang rows and
 * values on their errors, a hash of a password among them, and those are nobody's business here.
 */
function errorInWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause !== undefined && { cause: errorInWords(cause) }),
  };
}
