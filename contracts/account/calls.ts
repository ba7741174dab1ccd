import { type Static, Type } from 'typebox';
import { Amount, Id } from '../fields.ts';
import { type BatchAction, BatchSchema, ReplySchema, type StepRequest, StepRequestSchema } from '../step.ts';
import { Currency } from './schemas.ts';

/** A request to pay for a booking. For a free event the amount is 0, and the payment is recorded as well. */
export interface PayRequest extends StepRequest {
  readonly amount: number;
  /** Set when the money was taken at a desk. It then comes in and is spent in one step, and leaves the balance as it is. */
  readonly desk?: DeskReceipt;
}

/** The receipt of a payment at a desk. The reference is unique among credits, payouts and payments at a desk. */
export const DeskReceipt = Type.Object({
  reference: Type.String(),
  /** The id of the person who took the money. */
  by: Id,
});
export type DeskReceipt = Readonly<Static<typeof DeskReceipt>>;

/** The calls from book to account. */
export interface Account {
  /** Moves the price of each booking from the person to the event. */
  readonly pay: BatchAction<PayRequest>;
  /** Moves back what each booking paid. A booking that has not paid can't pay later. Never refused. */
  readonly refund: BatchAction<StepRequest>;
}

/** The calls from book to account, over HTTP between processes. */
export const accountCalls = {
  pay: {
    path: '/internal/pay',
    asked: BatchSchema(
      Type.Object({ ...StepRequestSchema.properties, amount: Amount, desk: Type.Optional(DeskReceipt) }),
    ),
    answered: BatchSchema(ReplySchema({})),
  },
  refund: {
    path: '/internal/refund',
    asked: BatchSchema(StepRequestSchema),
    answered: BatchSchema(ReplySchema({})),
  },
} as const;

/** How book learns how amounts are shown. */
export interface CurrencyOfAccount {
  readonly currency: (nothing: object) => Promise<Currency>;
}

/** The same call, over HTTP between processes. */
export const currencyCalls = {
  currency: { path: '/internal/currency', isRead: true, asked: Type.Object({}), answered: Currency },
} as const;
