import { Type } from 'typebox';

/** The largest integer that travels: what JSON and a JavaScript number hold exactly, 2^53 - 1. */
export const maxInteger = Number.MAX_SAFE_INTEGER;

/** An identity as the databases give them: 1 and up. */
export const Id = Type.Integer({ minimum: 1, maximum: maxInteger, description: 'an id: a whole number from 1' });

/** The parameters of a path that ends with an id. */
export const ById = Type.Object({ id: Id });

/** An amount of money in the smallest unit there is. */
export const Amount = Type.Integer({ minimum: 0, maximum: maxInteger, description: 'a whole number from 0' });

/** The largest count that a database `integer` holds. */
export const maxCount = 2_147_483_647;

/**
 * Text of one line that a database stores as it was sent: no control characters (PostgreSQL takes no NUL) and no
 * lone surrogates, which have no UTF-8.
 */
export function Line(maxLength: number, options: { minLength?: number } = {}) {
  return Type.String({
    minLength: options.minLength ?? 1,
    maxLength,
    pattern: '^[^\\p{Cc}\\p{Cs}]*$',
    description: `a line of ${options.minLength ?? 1} to ${maxLength} characters, none of them a control character`,
  });
}
