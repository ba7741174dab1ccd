import { type Static, Type } from 'typebox';
import { codePattern } from '../fields.ts';

/**
 * The body of every error response (RFC 9457). `field` names the wrong part of the request. `reason` is a code for
 * programs, and `values` has the names and figures of the message: `too_short` with `{"limit":8}`, `balance_too_low`
 * with `{"balance":50,"amount":5000}`.
 */
export const Problem = Type.Object(
  {
    type: Type.String({ pattern: '^urn:startlist:problem:[a-z_]+$' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    field: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ pattern: codePattern })),
    values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

export const problemType = 'application/problem+json';
