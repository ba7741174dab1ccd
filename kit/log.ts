import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What must never stand in a log, wherever in an entry it turns up. */
const secrets = ['password', 'cookie', 'authorization', 'session_id', '*.password', '*.cookie', '*.authorization'];

/** A log on standard output: lines of JSON for machines, or colored lines where a person watches a terminal. */
export function createLog(level: LogLevel): Logger {
  const options = { level, base: null, redact: { paths: secrets, censor: '[hidden]' } };
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
    : pino(options);
}
