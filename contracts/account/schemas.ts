import { type Static, Type } from 'typebox';
import { Amount, Id, maxInteger, Name } from '../fields.ts';

/**
 * `deposit`, `credit` and `payout` move money between cash and a person; `payment` and `refund`, between a person and
 * an event.
 */
export const transferKinds = ['deposit', 'credit', 'payout', 'payment', 'refund'] as const;
export type TransferKind = (typeof transferKinds)[number];

const Delta = Type.Integer({ minimum: 1, maximum: maxInteger, description: 'a whole number from 1 to 2^53 - 1' });

export const DepositBody = Type.Object({ delta: Delta }, { $id: 'DepositBody', additionalProperties: false });
export type DepositBody = Static<typeof DepositBody>;

/** A credit or a payout. The reference is unique: the number of a receipt, or the payment provider's number. */
export const VoucherBody = Type.Object(
  { user_id: Id, delta: Delta, reference: Name(200) },
  { $id: 'VoucherBody', additionalProperties: false },
);
export type VoucherBody = Static<typeof VoucherBody>;

export const Balance = Type.Object({ balance: Amount }, { $id: 'Balance' });
export type Balance = Static<typeof Balance>;

/** A line of an account statement: a transfer, with the balance after it. */
export const StatementItem = Type.Object(
  {
    id: Id,
    user_id: Id,
    kind: Type.Enum([...transferKinds], { description: `one of ${transferKinds.join(', ')}` }),
    amount: Type.Integer({
      minimum: -maxInteger,
      maximum: maxInteger,
      description: 'the change of the balance; negative when money was taken',
    }),
    balance: Amount,
    event_id: Type.Optional(Id),
    booking_id: Type.Optional(Id),
    reference: Type.Optional(Type.String()),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'StatementItem' },
);
export type StatementItem = Static<typeof StatementItem>;

/** The currency and its number of decimal digits: with EUR and 2 digits, an amount of 40 is shown as 0.40 EUR. */
export const Currency = Type.Object(
  {
    currency: Type.String(),
    digits: Type.Integer({
      minimum: 0,
      maximum: 8,
      description: 'the number of decimal digits',
    }),
  },
  { $id: 'Currency' },
);
export type Currency = Static<typeof Currency>;

/** The default currency. */
export const points: Currency = { currency: 'points', digits: 0 };
