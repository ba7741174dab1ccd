import { type Static, Type } from 'typebox';
import { Id } from '../fields.ts';

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

export const ReconciliationFinding = Type.Object(
  {
    kind: Type.Enum([...findingKinds]),
    booking_id: Type.Optional(Id),
    event_id: Type.Optional(Id),
    user_id: Type.Optional(Id),
    words: Type.String(),
  },
  { $id: 'ReconciliationFinding' },
);
export type ReconciliationFinding = Static<typeof ReconciliationFinding>;

export const ReconciliationProgress = Type.Object(
  {
    checked: Type.Object({
      bookings: Count,
      slots: Count,
      payments: Count,
      events: Count,
      accounts: Count,
      transfers: Count,
    }),
    /** The number of bookings that were open when they were read. */
    open: Count,
    /** The number of all findings, including those that the report leaves out. */
    found: Count,
  },
  { $id: 'ReconciliationProgress' },
);
export type ReconciliationProgress = Static<typeof ReconciliationProgress>;

/** What a repair did. If there was nothing to repair, all counts are 0 and `ids` is absent. */
export const Mended = Type.Object({
  /** `from` is the highest booking id assigned before the repair; new ids are above `to`. */
  ids: Type.Optional(Type.Object({ from: Count, to: Count })),
  /** The number of complete bookings without a slot or payment, which were moved back to occupying. */
  reoccupied: Count,
  /** The number of bookings canceled because the slot or payment was undone, or the payment differs from the price. */
  canceled: Count,
  /** The number of canceled bookings that still had a slot or payment, and were moved to refunding. */
  refunding: Count,
  /** The number of slots without a booking, which were released. */
  slots_released: Count,
  /** The number of payments without a booking, which were refunded. */
  payments_refunded: Count,
  /** The number of repaired bookings that were still open at the end of the repair. */
  unsettled: Count,
});
export type Mended = Static<typeof Mended>;

/** The report of a comparison. Every repair ends with a comparison, whose report also has `mended`. */
export const ReconciliationReport = Type.Object(
  {
    clean: Type.Boolean(),
    ...ReconciliationProgress.properties,
    /** The first 100 findings. */
    findings: Type.Array(ReconciliationFinding),
    mended: Type.Optional(Mended),
    began_at: Type.String({ format: 'date-time' }),
    took_ms: Count,
  },
  { $id: 'ReconciliationReport' },
);
export type ReconciliationReport = Static<typeof ReconciliationReport>;

/** The media type of a response with progress: a line of JSON about every second, the report as the last line. */
export const progressType = 'application/x-ndjson';

export const ReconciliationLine = Type.Union(
  [
    Type.Object({ state: Type.Literal('running'), progress: ReconciliationProgress }),
    Type.Object({ state: Type.Literal('done'), report: ReconciliationReport }),
    Type.Object({ state: Type.Literal('failed'), detail: Type.String() }),
  ],
  { $id: 'ReconciliationLine' },
);
export type ReconciliationLine = Static<typeof ReconciliationLine>;
