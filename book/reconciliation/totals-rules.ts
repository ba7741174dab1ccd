import type { BalanceEntry, SlotCounter, TransferSum } from '../../contracts/records.ts';
import type { Finding } from './rules.ts';

/** Checks that an event's counter of taken slots equals its granted slots and does not exceed its total. */
export function judgeCounter({ eventId, totalSlots, takenSlots, granted }: SlotCounter): Finding[] {
  const wrong: Finding[] = [];
  if (takenSlots !== granted) {
    const words = `counter of taken slots ${takenSlots}, but ${granted} granted`;
    wrong.push({ kind: 'slots_miscounted', eventId, words });
  }
  if (Math.max(takenSlots, granted) > totalSlots) {
    const words = `${Math.max(takenSlots, granted)} of ${totalSlots} slots taken`;
    wrong.push({ kind: 'oversold', eventId, words });
  }
  return wrong;
}

/**
 * Checks that a balance equals the sum of the person's transfers, and that each booking's transfers match its payment.
 */
export function judgeBalance({ personId, balance, posted, deposited, deposits, misposted }: BalanceEntry): Finding[] {
  const wrong: Finding[] = [];
  if (BigInt(posted) !== BigInt(balance)) {
    const words = `balance ${balance}, but the transfers sum to ${posted}`;
    wrong.push({ kind: 'balance_differs', personId, words });
  }
  if (BigInt(deposits) !== BigInt(deposited)) {
    const words = `recorded deposits ${deposited}, but the deposits sum to ${deposits}`;
    wrong.push({ kind: 'balance_differs', personId, words });
  }
  for (const bookingId of misposted) {
    const words = 'the transfers do not match the payment';
    wrong.push({ kind: 'payment_misposted', bookingId, personId, words });
  }
  return wrong;
}

/** Checks that auth knows the organizer. Otherwise only admins can manage the event. */
export function judgeOrganizer({ eventId, organizerId, isKnown }: SlotCounter & WithPerson): Finding[] {
  if (isKnown || organizerId === undefined) return [];
  const words = `organizer ${organizerId} is unknown to auth`;
  return [{ kind: 'organizer_unknown', eventId, personId: organizerId, words }];
}

/** Checks that auth knows the owner of an account. Otherwise no one can sign in to use its money. */
export function judgePerson({ personId, balance, isKnown }: BalanceEntry & WithPerson): Finding[] {
  const words = `account with a balance of ${balance}, but unknown to auth`;
  return isKnown ? [] : [{ kind: 'person_unknown', personId, words }];
}

interface WithPerson {
  /** True when auth knows the person of the row. */
  readonly isKnown: boolean;
}

/** Checks that the two sides of all transfers add up to 0, and that every person in a transfer has an account. */
export function judgeTransfers({ lastTransferId, transfers, sum, strangers }: TransferSum): Finding[] {
  const unbalanced: Finding = {
    kind: 'books_unbalanced',
    words: `the ${transfers} transfers up to ${lastTransferId} sum to ${sum} instead of 0`,
  };
  const unknown = strangers.map((personId): Finding => {
    return { kind: 'account_missing', personId, words: 'transfers without an account' };
  });
  return BigInt(sum) === 0n ? unknown : [unbalanced, ...unknown];
}
