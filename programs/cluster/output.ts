import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';

/** The process that wrote a line. The gateway is a single process and has no replica number. */
export interface Source {
  readonly service: string;
  readonly replica?: number;
}

/**
 * Copies a process's output to the common log, line by line. JSON log entries already name the service and get the
 * replica number. Any other line, such as a crash's stack trace, becomes an error entry.
 */
export function copyOutput(from: Readable, source: Source, output: DestinationStream, log: Logger): void {
  const { replica } = source;
  createInterface({ input: from }).on('line', (line) => {
    if (!line.startsWith('{"level":')) log.error(source, line);
    else if (replica === undefined) output.write(`${line}\n`);
    else output.write(`{"replica":${replica},${line.slice(1)}\n`);
  });
}
