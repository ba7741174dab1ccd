import { type Static, Type } from 'typebox';

/** The body of every error's answer (RFC 9457). `field` names the part of the request that is wrong. */
export const Problem = Type.Object({
  type: Type.String({ pattern: '^urn:startlist:problem:[a-z_]+$' }),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  field: Type.Optional(Type.String()),
});
export type Problem = Static<typeof Problem>;

/** The media type of a problem. */
export const problemType = 'application/problem+json';
