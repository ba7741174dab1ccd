import { type TSchema, Type } from 'typebox';
import { codePattern, Id } from './fields.ts';

/** The reasons for which bookings are canceled. A booking keeps its first reason. */
export const reasons = [
  'no_slots',
  'no_such_event',
  'sales_not_open',
  'sales_closed',
  'price_changed',
  'limit_per_person',
  'insufficient_funds',
  'reference_used',
  'amount_too_large',
  'by_owner',
  'by_organizer',
  'event_canceled',
  'undone',
] as const;
export type Reason = (typeof reasons)[number];

/**
 * The reason of a refusal or cancellation on the wire. Any word is valid: a service of a newer version may send a reason
 * that this version does not know, and a reader shows it as it is.
 */
export const ReasonSchema = Type.Unsafe<Reason>(
  Type.String({
    pattern: codePattern,
    description: `one of ${reasons.join(', ')}; a newer version may add others`,
  }),
);

/** The wire format of a reply. `known` has the schemas of the additional fields of an accepted reply. */
export function ReplySchema<Known extends Record<string, TSchema>>(known: Known) {
  return Type.Union([
    Type.Object({ accepted: Type.Literal(true), ...known }),
    Type.Object({ accepted: Type.Literal(false), reason: ReasonSchema }),
  ]);
}

/** The reply to an accepted step, with the values that the next step needs. */
export type Accepted<Known extends object = object> = { readonly accepted: true } & Known;
/** A reply that refuses a step: a value, not an exception. Only a refusal or a cancellation makes a saga compensate. */
export interface Refused {
  readonly accepted: false;
  readonly reason: Reason;
}
export type Reply<Known extends object = object> = Accepted<Known> | Refused;

/** The fields of every request to a participant. The booking's id is the idempotency key of each step. */
export interface StepRequest {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
}

/** The wire format of a request. */
export const StepRequestSchema = Type.Object({ bookingId: Id, eventId: Id, personId: Id });

/** The maximum number of requests in one call. */
export const maxCallBatch = 5_000;

/** The wire format of a batch. */
export function BatchSchema<Item extends TSchema>(item: Item) {
  return Type.Array(item, { maxItems: maxCallBatch });
}

/**
 * A participant's action. It takes a batch of requests and returns one reply for each request, in the same order. A
 * repeated request gets the reply that it got first.
 */
export type BatchAction<Request extends StepRequest, Known extends object = object> = (
  batch: readonly Request[],
) => Promise<readonly Reply<Known>[]>;
