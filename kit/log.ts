import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { DestinationStream, Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What must never stand in a log, wherever in an entry it turns up. */
const secrets = ['password', 'cookie', 'authorization', 'session_id', '*.password', '*.cookie', '*.authorization'];

/** A log on standard output, or wherever its lines of JSON shall go. */
export function createLog(level: LogLevel, output: DestinationStream = openLogOutput()): Logger {
  return pino({ level, base: null, redact: { paths: secrets, censor: '[hidden]' } }, output);
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
