import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { choice } from '../config.ts';
import { traceIds } from './trace.ts';

export type { DestinationStream, Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
/** From which level on there are entries. */
export const logLevelSpec = choice(...logLevels)({ default: 'info' });

/** What must never stand in a log, wherever in an entry it turns up. */
const secrets = ['password', 'cookie', 'authorization', 'session_id', '*.password', '*.cookie', '*.authorization'];

/** A log on standard output, or wherever its lines of JSON shall go. */
export function createLog(level: LogLevel, output: DestinationStream = openLogOutput()): Logger {
  const serializers = { err: errorInWords };
  const redact = { paths: secrets, censor: '[hidden]' };
  return pino({ level, base: null, serializers, redact, mixin: () => traceIds() }, output);
}

/** Standard output: lines of JSON stay as they are for machines, and become colored ones where a person watches. */
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

/** The service that an entry is from, where it names one: `book.2 `. */
function sourceOf({ service, replica }: Record<string, unknown>): string {
  if (service === undefined) return '';
  return `${service}${replica === undefined ? '' : `.${replica}`} `;
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
