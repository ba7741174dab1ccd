import type { Reason, Reply } from '../../contracts/step.ts';
import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Instance } from '../../saga/coordinator/store.ts';
import type { Status } from './table.ts';

/** One person's request for a slot of an event, and the saga that carries it out. */
export interface Booking extends Instance<Status> {
  readonly personId: number;
  readonly eventId: number;
  /** Null until a slot is granted. */
  readonly price: number | null;
  readonly reason: Reason | null;
  readonly openSince?: Date;
  readonly cameFrom?: Status;
}

export interface BookingDraft {
  readonly personId: number;
  readonly eventId: number;
  /** The idempotency key of the request. Of several drafts with the same key only one is stored. */
  readonly keyed?: Keyed;
}

/** A participant's reply to a step. The reply to an occupy carries the price. */
export type StepReply = Reply<{ readonly price?: number }>;
