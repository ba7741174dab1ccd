import { type TSchema, Type } from 'typebox';

/** The description and the schema of a header. */
export interface HeaderForm {
  readonly description: string;
  readonly schema: TSchema;
}

/** The request headers that routes read. */
export const requestHeaders = {
  Prefer: {
    description: 'With `respond-async`, the response does not wait until the booking has settled (RFC 7240).',
    schema: Type.String(),
  },
  'Idempotency-Key': {
    description:
      '1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing.',
    schema: Type.String({ minLength: 1, maxLength: 1_000, examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'] }),
  },
  'Last-Event-ID': {
    description: 'The last `id` received on a stream of events. The stream continues after it.',
    schema: Type.String({ maxLength: 100 }),
  },
  'If-None-Match': {
    description: 'The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110).',
    schema: Type.String(),
  },
  Accept: {
    description: 'The media type that the response should have.',
    schema: Type.String(),
  },
} as const satisfies Record<string, HeaderForm>;

/** The problems of a route that takes an `Idempotency-Key`. */
export const keyProblems = {
  409: 'The first request with this `Idempotency-Key` is still in progress.',
  422: 'The `Idempotency-Key` was used for another request.',
} as const;

/** The media type of a stream of server-sent events. */
export const eventStreamType = 'text/event-stream';

export type RequestHeader = keyof typeof requestHeaders;

/** The response headers that routes send. */
export const responseHeaders = {
  ETag: { description: 'The version of the response. Send it back as `If-None-Match`.', schema: Type.String() },
  Location: { description: 'The address of the created resource.', schema: Type.String() },
  'Content-Disposition': { description: 'The name of the file.', schema: Type.String() },
  Link: {
    description: 'The next page, as `<…>; rel="next"`, when there may be one (RFC 8288).',
    schema: Type.String(),
  },
  'Preference-Applied': { description: '`respond-async`, if it was requested.', schema: Type.String() },
  'Set-Cookie': { description: 'The session, as the cookie `session_id`.', schema: Type.String() },
  'Retry-After': { description: 'Seconds to wait before a retry.', schema: Type.Integer({ minimum: 0 }) },
  'X-User-Id': { description: "The person's id.", schema: Type.String({ pattern: '^[0-9]+$' }) },
  'X-User-Login': { description: "The person's login, percent-encoded.", schema: Type.String() },
  'X-User-Role': { description: "The person's role.", schema: Type.String() },
  'X-User-Email': { description: "The person's email, percent-encoded.", schema: Type.String() },
  'X-User-First-Name': { description: "The person's first name, percent-encoded.", schema: Type.String() },
  'X-User-Last-Name': { description: "The person's last name, percent-encoded.", schema: Type.String() },
} as const satisfies Record<string, HeaderForm>;
export type ResponseHeader = keyof typeof responseHeaders;
