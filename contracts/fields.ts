import { Type } from 'typebox';
import { namePattern } from './text/names.ts';

/** The largest exact integer in JSON and JavaScript, 2^53 - 1. */
export const maxInteger = Number.MAX_SAFE_INTEGER;

/** An id from a database sequence. */
export const Id = Type.Integer({ minimum: 1, maximum: maxInteger, description: 'an id: a whole number from 1' });

export const ById = Type.Object({ id: Id });

/** An amount of money in the smallest unit of the currency. */
export const Amount = Type.Integer({ minimum: 0, maximum: maxInteger, description: 'a whole number from 0' });

/** A code that a program reads, such as a reason, a state or an action. A newer version may add others: `limit_24h`. */
export const codePattern = '^[a-z][a-z0-9_]{0,39}$';

/** The largest value of PostgreSQL's `integer`. */
export const maxCount = 2_147_483_647;

/**
 * A line of text that is looked up: no control characters (PostgreSQL rejects NUL) and no lone surrogates, which have no
 * UTF-8. What is stored and shown is a `Name`.
 */
export function Line(maxLength: number) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\p{Cc}\\p{Cs}]*$',
    description: `a line of 1 to ${maxLength} characters, none of them a control character`,
  });
}

/** A name that is stored and shown to others. With `minLength` 0 it may be empty or blank. */
export function Name(maxLength: number, { minLength = 1 }: { readonly minLength?: 0 | 1 } = {}) {
  const mayBeBlank = minLength === 0;
  return Type.String({
    minLength,
    maxLength,
    pattern: namePattern({ mayBeBlank }),
    'x-reason': 'invisible_characters',
    description: `a line of ${minLength} to ${maxLength} characters, none of them a control character or invisible${mayBeBlank ? '' : ', and not all of them spaces'}`,
  });
}

/**
 * A timestamp with its zone (RFC 3339), with or without seconds and fractions. The pattern allows dates that do not
 * exist, such as 30 February; the code that reads the value rejects them.
 */
export const Moment = Type.String({
  maxLength: 40,
  pattern:
    '^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
  description: 'a moment with its zone, such as 2026-05-01T19:00:00Z',
});

/**
 * Text of several lines that a database stores unchanged: no control characters except line breaks and tabs, and none
 * that reverse the order of the text after them.
 */
export function Lines(maxLength: number) {
  return Type.String({
    maxLength,
    pattern: '^([^\\p{Cc}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]|[\\n\\r\\t])*$',
    description: `a text of at most ${maxLength} characters, none of them a control character that turns text`,
  });
}
