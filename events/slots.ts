import type { OccupyRequest } from '../contracts/events/calls.ts';
import type { Accepted, Reason, Reply, StepRequest } from '../contracts/step.ts';
import { answerOnce, type Step, type StepRecord, undoOnce } from '../saga/participant/answer-once.ts';

/** The part of an event that the decision about a slot depends on. */
export interface Offer {
  readonly eventId: number;
  readonly price: number;
  readonly totalSlots: number;
  readonly takenSlots: number;
  readonly isCanceled: boolean;
  /** Sales are closed before this moment. */
  readonly saleOpensAt: Date | null;
  /** Sales are closed from this moment on; null: from the start on. */
  readonly saleClosesAt: Date | null;
  readonly startsAt: Date | null;
  /** The maximum number of slots that one person may hold. */
  readonly maxPerPerson: number | null;
}

interface SlotGranted extends StepRequest {
  readonly state: 'granted' | 'released';
  readonly price: number;
}

interface SlotRefused extends StepRequest {
  readonly state: 'refused';
  readonly reason: Reason;
}

/** The recorded reply to an occupy. `undone`: the release arrived before the occupy, so the occupy is refused. */
export type SlotRecord = StepRecord<StepRequest, SlotGranted, SlotRefused>;

const slot: Step<StepRequest, SlotGranted> = {
  subject: 'booking',
  made: 'granted',
  compensated: 'released',
  facts: ['eventId', 'personId'],
  keyOf: ({ bookingId }) => bookingId,
  questionOf: ({ bookingId, eventId, personId }) => ({ bookingId, eventId, personId }),
};

/** The offers, records and counts that were read while the events of a batch were locked. */
export interface Known {
  /** By event id. */
  readonly offers: ReadonlyMap<number, Offer>;
  /** By booking id. */
  readonly records: ReadonlyMap<number, SlotRecord>;
  /** How many slots people hold at events with a limit per person, keyed by `holderOf`. */
  readonly held: ReadonlyMap<string, number>;
}

/** The key of a person at an event in `Known.held`. */
export const holderOf = ({ eventId, personId }: Pick<StepRequest, 'eventId' | 'personId'>) => `${eventId} ${personId}`;

/** The replies to a batch, in its order, and the records to store. */
export interface OccupyDecision {
  readonly replies: readonly Reply<{ readonly price: number }>[];
  readonly records: readonly SlotRecord[];
}

/** The replies to a batch, the slots to give back, and the marks of bookings that never had a slot. */
export interface ReleaseDecision {
  readonly replies: readonly Accepted[];
  readonly released: readonly SlotRecord[];
  readonly marks: readonly SlotRecord[];
}

/**
 * Decides which bookings of a batch get a slot: first come, first served, while sales are open, within the limit per
 * person, and at the price that the buyer saw. A request that names a price is granted at that price, outside the times
 * and the limit: a repair of a booking that had a slot before, or a booking that the organizer makes by hand.
 * @throws Contradiction when a booking names another event or person than before.
 */
export function occupySlots(requests: readonly OccupyRequest[], known: Known, now: Date): OccupyDecision {
  const taken = new Map<number, number>();
  const held = new Map(known.held);
  const { replies, fresh } = answerOnce(slot, requests, known.records, {
    accept: ({ price }) => ({ accepted: true as const, price }),
    decide(request: OccupyRequest): SlotGranted | SlotRefused {
      const { bookingId, eventId, personId } = request;
      const takenInBatch = taken.get(eventId) ?? 0;
      const holder = holderOf(request);
      const heldByPerson = held.get(holder) ?? 0;
      const offer = known.offers.get(eventId);
      const reason = refusalOf(request, offer, { takenInBatch, heldByPerson, now });
      if (offer === undefined || reason !== undefined) {
        return { bookingId, eventId, personId, state: 'refused', reason: reason ?? 'no_such_event' };
      }
      taken.set(eventId, takenInBatch + 1);
      held.set(holder, heldByPerson + 1);
      return { bookingId, eventId, personId, state: 'granted', price: request.price ?? offer.price };
    },
  });
  return { replies, records: fresh };
}

/** The time from which no slot is sold; null without such a time. */
export function saleEndsAt({ saleClosesAt, startsAt }: Pick<Offer, 'saleClosesAt' | 'startsAt'>): Date | null {
  return saleClosesAt ?? startsAt;
}

/** What the decision about one booking depends on besides its event. */
interface Turn {
  /** Slots of the booking's event that were granted earlier in the batch. */
  readonly takenInBatch: number;
  /** Slots of the event that the booking's person holds, including those granted earlier in the batch. */
  readonly heldByPerson: number;
  readonly now: Date;
}

/** Why a booking gets no slot; undefined when it gets one. Reasons of the event or person precede a lack of slots. */
function refusalOf(
  { price, expectedPrice }: OccupyRequest,
  offer: Offer | undefined,
  { takenInBatch, heldByPerson, now }: Turn,
): Reason | undefined {
  if (offer === undefined) return 'no_such_event';
  if (offer.isCanceled) return 'event_canceled';
  const isFull = offer.takenSlots + takenInBatch >= offer.totalSlots;
  if (price !== undefined) return isFull ? 'no_slots' : undefined;
  if (offer.saleOpensAt !== null && now < offer.saleOpensAt) return 'sales_not_open';
  const endsAt = saleEndsAt(offer);
  if (endsAt !== null && now >= endsAt) return 'sales_closed';
  if (offer.maxPerPerson !== null && heldByPerson >= offer.maxPerPerson) return 'limit_per_person';
  if (isFull) return 'no_slots';
  return expectedPrice !== undefined && expectedPrice !== offer.price ? 'price_changed' : undefined;
}

/**
 * Decides which slots a batch of releases gives back. A release is never refused.
 * @throws Contradiction when a booking names another event or person than before.
 */
export function releaseSlots(requests: readonly StepRequest[], known: Pick<Known, 'records'>): ReleaseDecision {
  const { undone, marks } = undoOnce(slot, requests, known.records);
  return { replies: requests.map(() => ({ accepted: true })), released: undone, marks };
}
