import type { Lanes } from '../../platform/batch.ts';

export interface EngineLimits {
  /** The most open instances that this process leases: recovered ones included, bulk work excluded. */
  readonly open: number;
  /** The most bulk instances. A separate limit, so bulk work leaves room for new bookings. */
  readonly bulk: number;
  /** The batches of each state, and of insertions and cancellations. */
  readonly batches: Lanes;
  /** How long a lease lasts. Then any process may take the instance over. */
  readonly leaseMs: number;
}

export const usualLimits: EngineLimits = {
  open: 10_000,
  bulk: 2_000,
  batches: { lanes: 2, maxBatch: 500 },
  leaseMs: 5_000,
};
