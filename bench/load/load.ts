/** A request, which may be sent many times. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A closed model: each client sends its next request as soon as it has an answer. */
export interface ClosedLoad {
  readonly kind: 'closed';
  readonly url: string;
  readonly connections: number;
  /** The duration in seconds; left out if `amount` is set. */
  readonly seconds?: number;
  /** The total number of requests. */
  readonly amount?: number;
  /** `shots[connection]` are the requests that a connection repeats. */
  readonly shots: readonly (readonly Shot[])[];
}

/** An open model: requests arrive at random at a given rate, independent of earlier answers. */
export interface OpenLoad {
  readonly kind: 'open';
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly shots: readonly Shot[];
}

export type Load = ClosedLoad | OpenLoad;

export interface Measured {
  /** Requests with a successful answer. */
  readonly answered: number;
  /** Requests with another answer, or without one. */
  readonly failed: number;
  readonly tookMs: number;
  readonly latencyMs: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Successful answers per second. */
export function rateOf({ answered, tookMs }: Measured): number {
  return (answered * 1_000) / tookMs;
}
