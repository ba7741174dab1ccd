import { type TSchema, Type } from 'typebox';

/** A header as it is described: what it says, and in which form. */
export interface HeaderForm {
  readonly description: string;
  readonly schema: TSchema;
}

/** The headers of requests that mean something to some route. */
export const requestHeaders = {
  Prefer: {
    description: '`respond-async`: the answer is not to wait until the booking has settled (RFC 7240).',
    schema: Type.String(),
  },
  'Idempotency-Key': {
    description:
      'A text of 1 to 255 ASCII characters in quotes, new for each request that is meant, and the same for its repeats: within 24 hours these are answered as the first was, and change nothing.',
    schema: Type.String({ minLength: 1, maxLength: 1_000, examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'] }),
  },
  'Last-Event-ID': {
    description: 'The last `id` that was seen on a stream of events: what was shown before is not shown again.',
    schema: Type.String({ maxLength: 100 }),
  },
  'If-None-Match': {
    description:
      'The `ETag` of an answer that is there already: where it is still the same, the answer is 304 (RFC 9110).',
    schema: Type.String(),
  },
  Accept: {
    description: 'Which of the media types the answer is to have.',
    schema: Type.String(),
  },
} as const satisfies Record<string, HeaderForm>;

/** The problems of a route that takes an `Idempotency-Key`. */
export const keyProblems = {
  409: 'The first request with this `Idempotency-Key` is still under way.',
  422: 'The `Idempotency-Key` was used for another request.',
} as const;

/** The media type of a stream of server-sent events. */
export const eventStreamType = 'text/event-stream';

export type RequestHeader = keyof typeof requestHeaders;

/** The headers of answers that mean something. */
export const responseHeaders = {
  ETag: { description: 'What the answer can be known by: send it back as `If-None-Match`.', schema: Type.String() },
  Location: { description: 'Where the thing is that the answer is about.', schema: Type.String() },
  'Content-Disposition': { description: 'The name of the file.', schema: Type.String() },
  Link: {
    description: 'The next page, as `<…>; rel="next"`, when there may be one (RFC 8288).',
    schema: Type.String(),
  },
  'Preference-Applied': { description: '`respond-async`, when that was asked for.', schema: Type.String() },
  'Set-Cookie': { description: 'The session, as the cookie `session_id`.', schema: Type.String() },
  'Retry-After': { description: 'Seconds after which asking again makes sense.', schema: Type.Integer({ minimum: 0 }) },
  'X-User-Id': { description: "The person's id.", schema: Type.String({ pattern: '^[0-9]+$' }) },
  'X-User-Login': { description: "The person's login, percent-encoded.", schema: Type.String() },
  'X-User-Role': { description: "The person's role.", schema: Type.String() },
  'X-User-Email': { description: "The person's email, percent-encoded.", schema: Type.String() },
  'X-User-First-Name': { description: "The person's first name, percent-encoded.", schema: Type.String() },
  'X-User-Last-Name': { description: "The person's last name, percent-encoded.", schema: Type.String() },
} as const satisfies Record<string, HeaderForm>;
export type ResponseHeader = keyof typeof responseHeaders;
