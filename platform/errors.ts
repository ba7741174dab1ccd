/**
 * Failures with a meaning: what went wrong, in words that know nothing of HTTP. `platform/http/problem-details.ts` is the one place
 * that turns them into answers. A refusal is not among them: a refusal is a value.
 */

/** Why something is refused, for programs: a word, and the names and figures that its sentence has. */
export interface Why {
  readonly reason: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The question itself is wrong. Nothing was changed. `field` names the part that is wrong, when one is. */
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

/** Nobody is signed in. */
export class Unauthenticated extends Error {
  override name = 'Unauthenticated';
}

/** Somebody is signed in, and may not do this. */
export class Forbidden extends Error {
  override name = 'Forbidden';
}

/** There is no such thing, or none that the person may see. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** The thing is there, in a state that does not allow this. */
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

/** A write with this idempotency key is under way: its answer is not known yet. */
export class KeyInFlight extends Error {
  override name = 'KeyInFlight';
  constructor(key: string) {
    super(`A request with the Idempotency-Key "${key}" is under way. Ask again in a moment.`);
  }
}

/** This idempotency key was used for something else. Nothing was changed. */
export class KeyReused extends Error {
  override name = 'KeyReused';
  constructor(key: string) {
    super(`The Idempotency-Key "${key}" was used for another request. Take a new key for a new request.`);
  }
}

/** Somebody asks more often than is allowed. Nothing was changed. */
export class TooManyRequests extends Error {
  override name = 'TooManyRequests';
  /** Seconds after which asking again makes sense. */
  readonly retryAfterS: number;
  constructor(message: string, retryAfterS: number) {
    super(message);
    this.retryAfterS = Math.max(1, retryAfterS);
  }
}

/**
 * No answer, and nothing was stored: the other side can't be reached, is overloaded, or gave up in favor of someone
 * else. The same question may be asked again.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
  /** Seconds after which asking again makes sense. */
  readonly retryAfterS: number;
  constructor(message: string, options: ErrorOptions & { retryAfterS?: number } = {}) {
    super(message, options);
    this.retryAfterS = options.retryAfterS ?? 1;
  }
}

/** No answer, and it can't be told whether the question was carried out: the connection broke while it was. */
export class OutcomeUnknown extends Unavailable {
  override name = 'OutcomeUnknown';
}

/** An answer or a record that can't be true: two different questions under one key, a reply of the wrong length. */
export class Contradiction extends Error {
  override name = 'Contradiction';
}
