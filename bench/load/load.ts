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
