import { type ActionName, defineSaga, type StateName } from '../../saga/table.ts';

/**
 * The saga of a booking. It starts in `occupying` and settles in `complete` or `canceled`. The numbers are the statuses
 * on the wire and in the database.
 *
 * A cancellation may arrive while an occupy or a payment is in progress. It always leads to `refunding`: undoing a step
 * that never happened does nothing, and a step that arrives after it was undone is refused. So one way back is enough.
 */
const table = {
  occupying: { number: 1, action: 'occupy', accepted: 'paying', refused: 'canceled', cancel: 'refunding' },
  paying: { number: 3, action: 'pay', accepted: 'complete', refused: 'releasing', cancel: 'refunding' },
  complete: { number: 4, cancel: 'refunding' },
  refunding: { number: -3, action: 'refund', accepted: 'releasing', refused: 'never' },
  releasing: { number: -2, action: 'release', accepted: 'canceled', refused: 'never' },
  canceled: { number: -1 },
} as const;

export const bookingSaga = defineSaga(table);

export type Status = StateName<typeof table>;
export type Step = ActionName<typeof table>;
