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
  /** The price that the buyer saw, if the request named it. */
  readonly expectedPrice?: number;
  /** Set for a booking that an organizer made by hand. */
  readonly byHand?: ByHand;
  readonly openSince?: Date;
  readonly cameFrom?: Status;
}

/** A booking that an organizer makes by hand, outside the times and limits of the sale. */
export interface ByHand {
  /** The id of the organizer. */
  readonly by: number;
  /** The name of a guest without an account. The organizer is then the booking's person. */
  readonly guestName?: string;
  /** The reference of the payment at the desk; absent for a free booking. */
  readonly deskReference?: string;
}

export interface BookingDraft {
  readonly personId: number;
  readonly eventId: number;
  /** The price that the buyer saw. */
  readonly expectedPrice?: number;
  /** A booking by hand, with its price: 0, or what was paid at the desk. */
  readonly byHand?: ByHand & { readonly price: number };
  /** The idempotency key of the request. Of several drafts with the same key only one is stored. */
  readonly keyed?: Keyed;
}

/** A participant's reply to a step. The reply to an occupy carries the price. */
export type StepReply = Reply<{ readonly price?: number }>;
