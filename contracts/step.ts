import { type TSchema, Type } from 'typebox';
import { Id } from './fields.ts';

/** Why a booking did not come about. The first reason of a booking stands. */
export const reasons = [
  'no_slots',
  'no_such_event',
  'sales_not_open',
  'limit_per_person',
  'insufficient_funds',
  'by_owner',
  'by_organizer',
  'event_canceled',
  'undone',
] as const;
export type Reason = (typeof reasons)[number];

/** A reply as it travels; `known` is what a yes tells besides. */
export function ReplySchema<Known extends Record<string, TSchema>>(known: Known) {
  return Type.Union([
    Type.Object({ accepted: Type.Literal(true), ...known }),
    Type.Object({ accepted: Type.Literal(false), reason: Type.Enum([...reasons]) }),
  ]);
}

/** A participant's yes, with what the next step needs to know. */
export type Accepted<Known extends object = object> = { readonly accepted: true } & Known;
/** A participant's no: a value, and the only thing that turns a saga around. */
export interface Refused {
  readonly accepted: false;
  readonly reason: Reason;
}
export type Reply<Known extends object = object> = Accepted<Known> | Refused;

/** What every request of a booking to a participant carries. The booking's id is the key of each step. */
export interface StepRequest {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
}

/** A request as it travels. */
export const StepRequestSchema = Type.Object({ bookingId: Id, eventId: Id, personId: Id });

/** The largest set that one call may carry. */
export const maxCallSet = 5_000;

/** A set as it travels. */
export function BatchSchema<Item extends TSchema>(item: Item) {
  return Type.Array(item, { maxItems: maxCallSet });
}

/**
 * A participant's action: it takes a set, and answers an array of the same length and order. A booking that was
 * asked about before gets the answer it got then.
 */
export type SetAction<Request extends StepRequest, Known extends object = object> = (
  set: readonly Request[],
) => Promise<readonly Reply<Known>[]>;
