import { type Static, Type } from 'typebox';
import { Amount, Id } from '../fields.ts';
import {
  type BatchAction,
  BatchSchema,
  maxCallBatch,
  ReplySchema,
  type StepRequest,
  StepRequestSchema,
} from '../step.ts';
import { AccessSchema } from './access.ts';

/** A request for a slot. */
export interface OccupyRequest extends StepRequest {
  /**
   * Grants the slot at this price, outside the times and limits of the sale: for a booking whose slot was lost when the
   * database of events was restored, and for one that an organizer makes by hand.
   */
  readonly price?: number;
  /** The price that the buyer saw. At another price the request is refused. */
  readonly expectedPrice?: number;
}

/** The calls from book to events. */
export interface Events {
  /** Takes a slot for each booking, and returns its price. */
  readonly occupy: BatchAction<OccupyRequest, { readonly price: number }>;
  /** Releases the slot of each booking. A booking without a slot can't get one later. Never refused. */
  readonly release: BatchAction<StepRequest>;
  /** A page of the slots of canceled events that are still granted, in the order of event and booking ids. */
  readonly heldAtCanceled: (page: HeldPage) => Promise<readonly StepRequest[]>;
  /** The descriptions of events, in any order, without those of unknown ids. */
  readonly describe: (eventIds: readonly number[]) => Promise<readonly EventDescription[]>;
}

const MomentOrNone = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

/** The fields of an event that book needs. Timestamps are ISO 8601. */
export const EventDescription = Type.Object({
  id: Id,
  organizerId: Id,
  name: Type.String(),
  totalSlots: Type.Integer({ minimum: 1 }),
  startsAt: MomentOrNone,
  venue: Type.Union([Type.String(), Type.Null()]),
  /** The time until which owners may cancel their bookings; null for the start. */
  cancelUntil: MomentOrNone,
  /** The last change of date or place. */
  movedAt: MomentOrNone,
  /** Cancellation deadlines that were replaced by worse ones. */
  earlierTerms: Type.Array(
    Type.Object({ replacedAt: Type.String({ format: 'date-time' }), cancelUntil: MomentOrNone }),
  ),
  timeZone: Type.Union([Type.String(), Type.Null()]),
  helpers: Type.Array(Type.Object({ personId: Id, access: AccessSchema })),
});
export type EventDescription = Static<typeof EventDescription>;

/**
 * A request for at most `limit` slots that follow the slot of the given event and booking. With 0 for both, the page
 * begins with the first slot.
 */
export const HeldPage = Type.Object({
  afterEventId: Type.Integer({ minimum: 0 }),
  afterBookingId: Type.Integer({ minimum: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: maxCallBatch }),
});
export type HeldPage = Static<typeof HeldPage>;

/** The calls from book to events, over HTTP between processes. */
export const eventsCalls = {
  occupy: {
    path: '/internal/occupy',
    asked: BatchSchema(
      Type.Object({
        ...StepRequestSchema.properties,
        price: Type.Optional(Amount),
        expectedPrice: Type.Optional(Amount),
      }),
    ),
    answered: BatchSchema(ReplySchema({ price: Amount })),
  },
  release: {
    path: '/internal/release',
    asked: BatchSchema(StepRequestSchema),
    answered: BatchSchema(ReplySchema({})),
  },
  heldAtCanceled: {
    path: '/internal/held-at-canceled',
    isRead: true,
    asked: HeldPage,
    answered: BatchSchema(StepRequestSchema),
  },
  describe: {
    path: '/internal/describe',
    isRead: true,
    asked: BatchSchema(Id),
    answered: BatchSchema(EventDescription),
  },
} as const;
