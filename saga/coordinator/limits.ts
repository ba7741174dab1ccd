import type { Lanes } from '../../platform/batch.ts';

export interface EngineLimits {
  /** The maximum number of open instances that this process leases, recovered ones included, bulk work excluded. */
  readonly open: number;
  /** The maximum number of leased bulk instances. The separate limit keeps room for new bookings. */
  readonly bulk: number;
  /** The limits of batches: of the steps of each state, of insertions and of cancellations. */
  readonly batches: Lanes;
  /** The duration of a lease. After its end, any process may take the instance over. */
  readonly leaseMs: number;
}

export const usualLimits: EngineLimits = {
  open: 10_000,
  bulk: 2_000,
  batches: { lanes: 2, maxBatch: 500 },
  leaseMs: 5_000,
};
