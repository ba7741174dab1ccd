import { type Static, Type } from 'typebox';
import { Amount, maxInteger } from './fields.ts';
import { ReplySchema, type SetAction, SetSchema, type StepRequest, StepRequestSchema } from './reply.ts';

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
    asked: SetSchema(Type.Object({ ...StepRequestSchema.properties, amount: Amount })),
    answered: SetSchema(ReplySchema({})),
  },
  refund: {
    path: '/internal/refund',
    asked: SetSchema(StepRequestSchema),
    answered: SetSchema(ReplySchema({})),
  },
} as const;

export const DepositBody = Type.Object(
  { delta: Type.Integer({ minimum: 1, maximum: maxInteger, description: 'a whole number from 1 to 2^53 - 1' }) },
  { additionalProperties: false },
);
export type DepositBody = Static<typeof DepositBody>;

export const Balance = Type.Object({ balance: Amount });
export type Balance = Static<typeof Balance>;
