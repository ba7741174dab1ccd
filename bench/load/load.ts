import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { hasWrk, runWrk } from './wrk.ts';

/** One request, as often as its turn comes. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** So many clients, each of which asks again as soon as it has been answered (a closed model). */
export interface ClosedLoad {
  readonly kind: 'closed';
  readonly url: string;
  readonly connections: number;
  /** How long, in seconds; left out where `amount` says how many. */
  readonly seconds?: number;
  /** How many requests in all. */
  readonly amount?: number;
  /** What each connection asks, over and over: `shots[connection]`. */
  readonly shots: readonly (readonly Shot[])[];
}

/** Requests that arrive by chance, so many a second, whether or not those before were answered (an open model). */
export interface OpenLoad {
  readonly kind: 'open';
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly shots: readonly Shot[];
}

export type Load = ClosedLoad | OpenLoad;

/** What a load was answered. */
export interface Measured {
  /** Requests answered as they should be. */
  readonly answered: number;
  /** Requests answered otherwise, or not at all. */
  readonly failed: number;
  readonly tookMs: number;
  /** How long answers took, in milliseconds. */
  readonly latencyMs: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** How many were answered a second. */
export function rateOf({ answered, tookMs }: Measured): number {
  return (answered * 1_000) / tookMs;
}

const programs = { closed: './closed.ts', open: './open.ts' } as const;

/** What puts closed loads on. */
export const generator = hasWrk ? 'wrk' : 'autocannon';

/** Puts a load on, from a process of its own: what it costs is not paid by whoever measures. */
export async function putOn(load: Load): Promise<Measured> {
  // wrk knows how long it is to ask, not how often.
  if (hasWrk && load.kind === 'closed' && load.amount === undefined) return runWrk(load);
  const child = fork(fileURLToPath(new URL(programs[load.kind], import.meta.url)), { stdio: ['ignore', 2, 2, 'ipc'] });
  child.send(load);
  const measured = once(child, 'message').then(([message]) => message as Measured);
  const end = once(child, 'exit').then(([code]) => {
    throw new Error(`the load generator ended with ${code} before it had an answer`);
  });
  end.catch(() => {});
  try {
    return await Promise.race([measured, end]);
  } finally {
    child.kill();
  }
}
