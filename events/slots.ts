import type { OccupyRequest } from '../contracts/events/schemas.ts';
import type { Accepted, Reason, Reply, StepRequest } from '../contracts/step.ts';
import { Contradiction } from '../platform/errors.ts';

/** An event, as far as the decision about its slots needs it. */
export interface Offer {
  readonly eventId: number;
  readonly price: number;
  readonly totalSlots: number;
  readonly takenSlots: number;
  readonly isCanceled: boolean;
  /** Nobody gets a slot before this moment. */
  readonly saleOpensAt: Date | null;
  /** How many slots one person may hold. */
  readonly maxPerPerson: number | null;
}

/** What was once answered to a booking. `undone`: it was released before it asked, and must not get a slot any more. */
export type SlotRecord = StepRequest &
  (
    | { readonly state: 'granted' | 'released'; readonly price: number }
    | { readonly state: 'refused'; readonly reason: Reason }
    | { readonly state: 'undone' }
  );

/**
 * What is known under the lock: the events of a set by id, the records of its bookings, and how many slots its people
 * hold at those of its events that have a limit, by `holderOf`.
 */
export interface Known {
  readonly offers: ReadonlyMap<number, Offer>;
  readonly records: ReadonlyMap<number, SlotRecord>;
  readonly held: ReadonlyMap<string, number>;
}

/** The key of a person at an event. */
export const holderOf = ({ eventId, personId }: Pick<StepRequest, 'eventId' | 'personId'>) => `${eventId} ${personId}`;

/** The answers to a set, in its order, and what has to be written down for them. */
export interface OccupyDecision {
  readonly replies: readonly Reply<{ readonly price: number }>[];
  readonly records: readonly SlotRecord[];
}

/** The answers to a set, the bookings that give their slot back, and the marks of those that never had one. */
export interface ReleaseDecision {
  readonly replies: readonly Accepted[];
  readonly released: readonly StepRequest[];
  readonly marks: readonly SlotRecord[];
}

/**
 * Decides who of a set gets a slot: first come, first served, once sales are open and within what one person may hold.
 * A booking that was answered before gets that answer; one that names a price had a slot at that price once.
 * @throws Contradiction when a booking asks for something else than it asked for before.
 */
export function occupySlots(requests: readonly OccupyRequest[], known: Known, now: Date): OccupyDecision {
  const records = new Map(known.records);
  const taken = new Map<number, number>();
  const held = new Map(known.held);
  const fresh: SlotRecord[] = [];
  const replies = requests.map((request) => {
    const earlier = records.get(request.bookingId);
    if (earlier !== undefined) return repeatAnswer(earlier, request);
    const offer = known.offers.get(request.eventId);
    const takenInSet = taken.get(request.eventId) ?? 0;
    const holder = holderOf(request);
    const heldByPerson = held.get(holder) ?? 0;
    const record = grant(request, offer, { takenInSet, heldByPerson, now });
    if (record.state === 'granted') {
      taken.set(request.eventId, takenInSet + 1);
      held.set(holder, heldByPerson + 1);
    }
    records.set(request.bookingId, record);
    fresh.push(record);
    return repeatAnswer(record, request);
  });
  return { replies, records: fresh };
}

/** What has come about by one booking's turn: others of its set may have got slots at the same event. */
interface Turn {
  readonly takenInSet: number;
  /** How many slots its person holds there, those of the set included. */
  readonly heldByPerson: number;
  readonly now: Date;
}

/** One booking's turn. What keeps the person out whoever else comes is said before that nothing is left. */
function grant(request: OccupyRequest, offer: Offer | undefined, { takenInSet, heldByPerson, now }: Turn): SlotRecord {
  const { bookingId, eventId, personId } = request;
  const refuse = (reason: Reason): SlotRecord => ({ bookingId, eventId, personId, state: 'refused', reason });
  if (offer === undefined) return refuse('no_such_event');
  if (offer.isCanceled) return refuse('event_canceled');
  if (offer.saleOpensAt !== null && now < offer.saleOpensAt) return refuse('sales_not_open');
  if (offer.maxPerPerson !== null && heldByPerson >= offer.maxPerPerson) return refuse('limit_per_person');
  if (offer.takenSlots + takenInSet >= offer.totalSlots) return refuse('no_slots');
  return { bookingId, eventId, personId, state: 'granted', price: request.price ?? offer.price };
}

/** A slot that was released since was granted all the same: whoever asks again is late, and its step leads nowhere. */
function repeatAnswer(record: SlotRecord, request: StepRequest): Reply<{ readonly price: number }> {
  requireSameQuestion(record, request);
  if (record.state === 'granted' || record.state === 'released') return { accepted: true, price: record.price };
  return { accepted: false, reason: record.state === 'refused' ? record.reason : 'undone' };
}

/**
 * Decides what a set of releases changes. A release is never refused: what holds a slot gives it back, once; what
 * never asked is marked, so that it gets none when its question arrives late.
 * @throws Contradiction when a booking names another event or person than before.
 */
export function releaseSlots(requests: readonly StepRequest[], known: Pick<Known, 'records'>): ReleaseDecision {
  const released = new Map<number, StepRequest>();
  const marks = new Map<number, SlotRecord>();
  for (const request of requests) {
    const { bookingId, eventId, personId } = request;
    const earlier = known.records.get(bookingId) ?? marks.get(bookingId);
    if (earlier === undefined) marks.set(bookingId, { bookingId, eventId, personId, state: 'undone' });
    else requireSameQuestion(earlier, request);
    if (earlier?.state === 'granted') released.set(bookingId, request);
  }
  return {
    replies: requests.map(() => ({ accepted: true })),
    released: [...released.values()],
    marks: [...marks.values()],
  };
}

/** Two bookings under one id would share a slot: no answer is right, so there is none. */
function requireSameQuestion(record: SlotRecord, request: StepRequest): void {
  if (record.eventId === request.eventId && record.personId === request.personId) return;
  throw new Contradiction(
    `booking ${request.bookingId} was about event ${record.eventId} and person ${record.personId}, ` +
      `and now is about event ${request.eventId} and person ${request.personId}`,
  );
}
