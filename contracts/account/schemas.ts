import { type Static, Type } from 'typebox';
import { Amount, Id, Line, maxInteger } from '../fields.ts';
import { BatchSchema, ReplySchema, type SetAction, type StepRequest, StepRequestSchema } from '../step.ts';

/** A payment names its amount; it is 0 for an event that costs nothing, and is recorded all the same. */
export interface PayRequest extends StepRequest {
  readonly amount: number;
}

/** What book asks of account. */
export interface Account {
  /** Moves each booking's price from the person to the event. */
  readonly pay: SetAction<PayRequest>;
  /** Moves back what each booking paid, or sees to it that it never pays. Never refused. */
  readonly refund: SetAction<StepRequest>;
}

/** The same between processes. */
export const accountCalls = {
  pay: {
    path: '/internal/pay',
    asked: BatchSchema(Type.Object({ ...StepRequestSchema.properties, amount: Amount })),
    answered: BatchSchema(ReplySchema({})),
  },
  refund: {
    path: '/internal/refund',
    asked: BatchSchema(StepRequestSchema),
    answered: BatchSchema(ReplySchema({})),
  },
} as const;

/** Why money moves: `deposit`, `credit` and `payout` are between cash and a person, the others between a person and an event. */
export const transferKinds = ['deposit', 'credit', 'payout', 'payment', 'refund'] as const;
export type TransferKind = (typeof transferKinds)[number];

const Delta = Type.Integer({ minimum: 1, maximum: maxInteger, description: 'a whole number from 1 to 2^53 - 1' });

export const DepositBody = Type.Object({ delta: Delta }, { additionalProperties: false });
export type DepositBody = Static<typeof DepositBody>;

/** What an admin credits or pays out. A reference is used once: a receipt's number, or a payment's at its provider. */
export const VoucherBody = Type.Object(
  { user_id: Id, delta: Delta, reference: Line(200) },
  { additionalProperties: false },
);
export type VoucherBody = Static<typeof VoucherBody>;

export const Balance = Type.Object({ balance: Amount });
export type Balance = Static<typeof Balance>;

/** A line of a person's statement: a transfer, with the balance that it left. */
export const StatementItem = Type.Object({
  id: Id,
  user_id: Id,
  kind: Type.Enum([...transferKinds], { description: `one of ${transferKinds.join(', ')}` }),
  amount: Type.Integer({
    minimum: -maxInteger,
    maximum: maxInteger,
    description: 'what was added to the balance; below zero when something was taken from it',
  }),
  balance: Amount,
  event_id: Type.Optional(Id),
  booking_id: Type.Optional(Id),
  reference: Type.Optional(Type.String()),
  at: Type.String({ format: 'date-time' }),
});
export type StatementItem = Static<typeof StatementItem>;

/** What amounts mean to the eye: 40 with 2 digits of EUR is 0.40 EUR. */
export const Currency = Type.Object({
  currency: Type.String(),
  digits: Type.Integer({
    minimum: 0,
    maximum: 8,
    description: 'how many of the digits of an amount stand after the point',
  }),
});
export type Currency = Static<typeof Currency>;

/** What amounts mean where nothing else is said. */
export const points: Currency = { currency: 'points', digits: 0 };
