import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';

/** Which process a line is from. The gateway is alone, and has no number. */
export interface Source {
  readonly service: string;
  readonly replica?: number;
}

/**
 * Copies what a process writes into the one log, line by line. Its entries are lines of JSON that name the service:
 * they get the replica's number. Whatever else it writes, such as the last words of a crash, becomes an entry.
 */
export function copyOutput(from: Readable, source: Source, output: DestinationStream, log: Logger): void {
  const { replica } = source;
  createInterface({ input: from }).on('line', (line) => {
    if (!line.startsWith('{"level":')) log.error(source, line);
    else if (replica === undefined) output.write(`${line}\n`);
    else output.write(`{"replica":${replica},${line.slice(1)}\n`);
  });
}
