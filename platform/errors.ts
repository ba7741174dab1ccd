/**
 * The error classes of all services, independent of HTTP: only `platform/http/problem-details.ts` maps them to
 * responses. A participant's refusal is a value, not an error.
 */

/** A machine-readable reason: a code, and the values that the message contains. */
export interface Why {
  readonly reason: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The request is invalid. Nothing was changed. `field` names the invalid field, if there is one. */
export class InvalidInput extends Error {
  override name = 'InvalidInput';
  readonly field: string | undefined;
  readonly why: Why | undefined;
  constructor(message: string, field?: string, why?: Why) {
    super(message);
    this.field = field;
    this.why = why;
  }
}

/** The request has no valid session or token. */
export class Unauthenticated extends Error {
  override name = 'Unauthenticated';
}

/** The person is signed in, but lacks the permission. */
export class Forbidden extends Error {
  override name = 'Forbidden';
}

/** The resource does not exist, or the person may not see it. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** The resource exists, but its state does not allow the operation. */
export class Conflict extends Error {
  override name = 'Conflict';
  readonly field: string | undefined;
  readonly why: Why | undefined;
  constructor(message: string, field?: string, why?: Why) {
    super(message);
    this.field = field;
    this.why = why;
  }
}

/** The first request with this idempotency key is still running. */
export class KeyInFlight extends Error {
  override name = 'KeyInFlight';
  constructor(key: string) {
    super(`A request with the Idempotency-Key "${key}" is in progress. Try again in a moment.`);
  }
}

/** The idempotency key was used for a different request. Nothing was changed. */
export class KeyReused extends Error {
  override name = 'KeyReused';
  constructor(key: string) {
    super(`The Idempotency-Key "${key}" was used for a different request. Use a new key for each request.`);
  }
}

/** A rate limit was exceeded. Nothing was changed. */
export class TooManyRequests extends Error {
  override name = 'TooManyRequests';
  /** Seconds until a retry makes sense. */
  readonly retryAfterS: number;
  constructor(message: string, retryAfterS: number) {
    super(message);
    this.retryAfterS = Math.max(1, retryAfterS);
  }
}

/**
 * The operation failed and nothing was stored: a server is unreachable or overloaded, or the database rolled the
 * transaction back because of another transaction. A retry is safe.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
  /** Seconds until a retry makes sense. */
  readonly retryAfterS: number;
  constructor(message: string, options: ErrorOptions & { retryAfterS?: number } = {}) {
    super(message, options);
    this.retryAfterS = options.retryAfterS ?? 1;
  }
}

/** The connection broke during the operation, which may or may not have been carried out. Check before a retry. */
export class OutcomeUnknown extends Unavailable {
  override name = 'OutcomeUnknown';
}

/** An impossible answer or record, such as two different requests with one key, or a reply of the wrong length. */
export class Contradiction extends Error {
  override name = 'Contradiction';
}
