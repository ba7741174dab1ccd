import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClosedLoad, Measured, Shot } from './load.ts';

/** Whether wrk (https://github.com/wg/wrk) is installed. It needs a fifth of the CPU time that autocannon needs. */
export const hasWrk = spawnSync('wrk', ['--version']).error === undefined;

const script = fileURLToPath(new URL('wrk.lua', import.meta.url));

/** The summary that `wrk.lua` prints; times in microseconds. */
interface Summary {
  readonly answered: number;
  readonly failed: number;
  readonly tookUs: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Runs a closed load for a duration. All clients share one sequence of requests. */
export async function runWrk({ url, connections, seconds = 1, shots }: ClosedLoad): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-wrk-'));
  try {
    const file = join(folder, 'requests');
    writeFileSync(
      file,
      inTurn(shots)
        .map(written(new URL(url).host))
        .join('\0'),
    );
    const size = ['--threads', '1', '--connections', `${connections}`, '--duration', `${seconds}s`];
    const args = [...size, '--timeout', '30s', '--script', script, url, '--', file];
    const { stdout } = await promisify(execFile)('wrk', args);
    const { answered, failed, tookUs, ...us } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
    const ms = { p50: us.p50 / 1_000, p90: us.p90 / 1_000, p99: us.p99 / 1_000, max: us.max / 1_000 };
    return { answered, failed, tookMs: tookUs / 1_000, latencyMs: ms };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Merges the requests of all clients: the first request of each client, then the second of each, and so on. */
function inTurn(shots: readonly (readonly Shot[])[]): Shot[] {
  const longest = Math.max(...shots.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => shots.flatMap((own) => own[place] ?? [])).flat();
}

/** Returns a function that writes a request as the text of HTTP/1.1. */
function written(host: string): (shot: Shot) => string {
  return ({ method, path, headers, body = '' }) => {
    const length = body === '' ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
    const lines = Object.entries({ host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  };
}
