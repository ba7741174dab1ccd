import { type Static, Type } from 'typebox';
import { Id } from '../fields.ts';

/** Everything that a reconciliation may find. */
export const findingKinds = [
  'slot_missing',
  'slot_undone',
  'slot_kept',
  'slot_without_booking',
  'payment_missing',
  'payment_undone',
  'payment_kept',
  'payment_without_booking',
  'records_disagree',
  'price_differs',
  'open_too_long',
  'slots_miscounted',
  'oversold',
  'balance_differs',
  'payment_misposted',
  'account_missing',
  'person_unknown',
  'organizer_unknown',
  'books_unbalanced',
] as const;
export type FindingKind = (typeof findingKinds)[number];

const Count = Type.Integer({ minimum: 0 });

/** What is wrong, with whom, and in words. */
export const ReconciliationFinding = Type.Object({
  kind: Type.Enum([...findingKinds]),
  booking_id: Type.Optional(Id),
  event_id: Type.Optional(Id),
  user_id: Type.Optional(Id),
  words: Type.String(),
});
export type ReconciliationFinding = Static<typeof ReconciliationFinding>;

/** How far a reconciliation has come. */
export const ReconciliationProgress = Type.Object({
  checked: Type.Object({
    bookings: Count,
    slots: Count,
    payments: Count,
    events: Count,
    accounts: Count,
    transfers: Count,
  }),
  /** Bookings that were under way when they were looked at. */
  open: Count,
  /** How much was found in all. */
  found: Count,
});
export type ReconciliationProgress = Static<typeof ReconciliationProgress>;

/** What a mending did. All is 0, and `ids` left out, where nothing was to be mended. */
export const Mended = Type.Object({
  /** The highest id that book had given, and the one that its ids go on above now. */
  ids: Type.Optional(Type.Object({ from: Count, to: Count })),
  /** Complete bookings without slot or payment, back in occupying. */
  reoccupied: Count,
  /** Bookings whose slot or payment had been undone, or that were to pay another price anew, now being canceled. */
  canceled: Count,
  /** Canceled bookings that still held something, now giving it back. */
  refunding: Count,
  /** Slots and payments without a booking, undone. */
  slots_released: Count,
  payments_refunded: Count,
  /** Bookings of these that had not settled when the mending ended. */
  unsettled: Count,
});
export type Mended = Static<typeof Mended>;

/** What a reconciliation says. After a mending it is about what was there afterwards. */
export const ReconciliationReport = Type.Object({
  clean: Type.Boolean(),
  ...ReconciliationProgress.properties,
  /** The first of what was found. */
  findings: Type.Array(ReconciliationFinding),
  mended: Type.Optional(Mended),
  began_at: Type.String({ format: 'date-time' }),
  took_ms: Count,
});
export type ReconciliationReport = Static<typeof ReconciliationReport>;

/** The media type of an answer that tells its progress: a line of JSON about every second, the report as the last. */
export const progressType = 'application/x-ndjson';

/** A line of such an answer. */
export const ReconciliationLine = Type.Union([
  Type.Object({ state: Type.Literal('running'), progress: ReconciliationProgress }),
  Type.Object({ state: Type.Literal('done'), report: ReconciliationReport }),
  Type.Object({ state: Type.Literal('failed'), detail: Type.String() }),
]);
export type ReconciliationLine = Static<typeof ReconciliationLine>;
