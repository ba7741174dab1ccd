import { Type } from 'typebox';
import { maxInteger } from '../fields.ts';

/** The query of a paged list: at most `limit` items with ids above `after`, in the order of ids. */
export const PageQuery = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 1_000,
      description: 'the maximum number of items, 1 to 1,000',
    }),
    after: Type.Integer({ minimum: 0, maximum: maxInteger, default: 0, description: 'an id' }),
  },
  { additionalProperties: false },
);
