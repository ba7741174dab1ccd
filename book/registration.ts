import { type ActionName, defineSaga, type StateName } from '../saga/table.ts';

/**
 * The saga of a booking. It begins in `occupying` and rests in `complete` or `canceled`; the numbers are its statuses
 * on the wire and in the database.
 *
 * A cancellation may come while an occupy or a payment is still under way. It always leads to `refunding`: undoing
 * what never happened does no harm, and what arrives late after its undoing is refused. So one way back is enough.
 */
const table = {
  occupying: { number: 1, action: 'occupy', accepted: 'paying', refused: 'canceled', cancel: 'refunding' },
  paying: { number: 3, action: 'pay', accepted: 'complete', refused: 'releasing', cancel: 'refunding' },
  complete: { number: 4, cancel: 'refunding' },
  refunding: { number: -3, action: 'refund', accepted: 'releasing', refused: 'never' },
  releasing: { number: -2, action: 'release', accepted: 'canceled', refused: 'never' },
  canceled: { number: -1 },
} as const;

export const registration = defineSaga(table);

/** Where a booking stands. */
export type Status = StateName<typeof table>;
/** What is asked of a participant. */
export type Step = ActionName<typeof table>;
