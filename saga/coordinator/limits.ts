import type { Lanes } from '../../platform/batch.ts';

/** The limits of one engine. */
export interface EngineLimits {
  /** The most open instances that this process leases, recovered ones included, without bulk work. */
  readonly open: number;
  /** The most bulk instances: a limit apart, so that bulk work keeps out nothing else. */
  readonly bulk: number;
  /** The batches of each state, and of insertions and cancellations. */
  readonly batches: Lanes;
  /** How long a lease lasts, in milliseconds. After that any process may take the instance over. */
  readonly leaseMs: number;
}

export const usualLimits: EngineLimits = {
  open: 10_000,
  bulk: 2_000,
  batches: { lanes: 2, maxBatch: 500 },
  leaseMs: 5_000,
};
