import { type Static, Type } from 'typebox';
import { codePattern, Id, maxInteger } from './fields.ts';
import { BatchSchema, maxCallBatch, StepRequestSchema } from './step.ts';

/*
 * The queries with which book compares the records of the services. Book reads pages in the order of the primary keys,
 * so that a page costs no more than its rows. Then it reads the ids that look wrong a second time.
 */

const After = Type.Integer({ minimum: 0, maximum: maxInteger });
const Limit = Type.Integer({ minimum: 1, maximum: maxCallBatch });
const Ids = BatchSchema(Id);

/** The page that a query asks for: at most `limit` rows with keys above `after`, in the order of keys. */
export const RecordPage = Type.Object({ after: After, limit: Limit });
export type RecordPage = Static<typeof RecordPage>;

/** The highest booking id with a record; 0 for none. */
const HighestBooking = Type.Object({ bookingId: After });
/** The highest person id in the records; 0 for none. */
const HighestPerson = Type.Object({ personId: After });

/** The state of a booking's slot. `undone`: the release arrived before the request for the slot. */
export const slotStates = ['granted', 'refused', 'released', 'undone'] as const;
/** The state of a booking's payment. `undone`: the refund arrived before the payment. */
export const paymentStates = ['paid', 'refused', 'refunded', 'undone'] as const;

/** A state on the wire. Any word is valid: a newer version may have further states, and they are no error by themselves. */
const StateSchema = <State extends string>(states: readonly State[]) =>
  Type.Unsafe<State>(Type.String({ pattern: codePattern, description: `one of ${states.join(', ')}` }));

/** The reply that the service events recorded for a booking, with the price if a slot was granted. */
export const SlotEntry = Type.Object({
  ...StepRequestSchema.properties,
  state: StateSchema(slotStates),
  price: Type.Union([Type.Integer(), Type.Null()]),
});
export type SlotEntry = Static<typeof SlotEntry>;

/** The reply that the service account recorded for a booking, with the amount if a payment was requested. */
export const PaymentEntry = Type.Object({
  ...StepRequestSchema.properties,
  state: StateSchema(paymentStates),
  amount: Type.Union([Type.Integer(), Type.Null()]),
});
export type PaymentEntry = Static<typeof PaymentEntry>;

/** An event's counter of taken slots and the number of its granted slots, from one snapshot. */
export const SlotCounter = Type.Object({
  eventId: Id,
  /** Absent when the service has the previous version. */
  organizerId: Type.Optional(Id),
  totalSlots: Type.Integer(),
  takenSlots: Type.Integer(),
  granted: Type.Integer(),
});
export type SlotCounter = Static<typeof SlotCounter>;

/** A sum of money as text: a wrong sum may exceed 2^53 - 1. */
const Sum = Type.String({ pattern: '^-?[0-9]+$' });

/** A person's balance and the sums of their transfers, from one snapshot. */
export const BalanceEntry = Type.Object({
  personId: Id,
  balance: Type.Integer(),
  posted: Sum,
  deposited: Type.Integer(),
  deposits: Sum,
  /** The ids of some bookings whose transfers differ from their payment: paid twice, or a wrong amount. */
  misposted: BatchSchema(Id),
});
export type BalanceEntry = Static<typeof BalanceEntry>;

/** The sum of a page of transfers, over both sides of each, and the ids of some people in it without an account. */
export const TransferSum = Type.Object({
  lastTransferId: Id,
  transfers: Type.Integer(),
  sum: Sum,
  strangers: BatchSchema(Id),
});
export type TransferSum = Static<typeof TransferSum>;

export interface EventsRecords {
  /** In the order of booking ids. */
  readonly slotRecords: (page: RecordPage) => Promise<readonly SlotEntry[]>;
  readonly slotRecordsOf: (bookingIds: readonly number[]) => Promise<readonly SlotEntry[]>;
  /** In the order of event ids. */
  readonly slotCounters: (page: RecordPage) => Promise<readonly SlotCounter[]>;
  readonly highestBooking: (nothing: object) => Promise<{ readonly bookingId: number }>;
  readonly highestPerson: (nothing: object) => Promise<{ readonly personId: number }>;
}

/** The HTTP calls between processes. */
export const eventsRecordCalls = {
  slotRecords: { path: '/internal/slot-records', isRead: true, asked: RecordPage, answered: BatchSchema(SlotEntry) },
  slotRecordsOf: { path: '/internal/slot-records-of', isRead: true, asked: Ids, answered: BatchSchema(SlotEntry) },
  slotCounters: {
    path: '/internal/slot-counters',
    isRead: true,
    asked: RecordPage,
    answered: BatchSchema(SlotCounter),
  },
  highestBooking: { path: '/internal/highest-booking', isRead: true, asked: Type.Object({}), answered: HighestBooking },
  highestPerson: { path: '/internal/highest-person', isRead: true, asked: Type.Object({}), answered: HighestPerson },
} as const;

export interface AccountRecords {
  /** In the order of booking ids. */
  readonly paymentRecords: (page: RecordPage) => Promise<readonly PaymentEntry[]>;
  readonly paymentRecordsOf: (bookingIds: readonly number[]) => Promise<readonly PaymentEntry[]>;
  /** In the order of person ids. */
  readonly balances: (page: RecordPage) => Promise<readonly BalanceEntry[]>;
  /** The sum of the page, as one item; no item after the last transfer. */
  readonly transferSums: (page: RecordPage) => Promise<readonly TransferSum[]>;
  readonly highestBooking: (nothing: object) => Promise<{ readonly bookingId: number }>;
  readonly highestPerson: (nothing: object) => Promise<{ readonly personId: number }>;
}

/** The HTTP calls between processes. */
export const accountRecordCalls = {
  paymentRecords: {
    path: '/internal/payment-records',
    isRead: true,
    asked: RecordPage,
    answered: BatchSchema(PaymentEntry),
  },
  paymentRecordsOf: {
    path: '/internal/payment-records-of',
    isRead: true,
    asked: Ids,
    answered: BatchSchema(PaymentEntry),
  },
  balances: { path: '/internal/balances', isRead: true, asked: RecordPage, answered: BatchSchema(BalanceEntry) },
  transferSums: {
    path: '/internal/transfer-sums',
    isRead: true,
    asked: RecordPage,
    answered: BatchSchema(TransferSum),
  },
  highestBooking: { path: '/internal/highest-booking', isRead: true, asked: Type.Object({}), answered: HighestBooking },
  highestPerson: { path: '/internal/highest-person', isRead: true, asked: Type.Object({}), answered: HighestPerson },
} as const;
