import type { BookingDetail } from '../../api/shapes.ts';
import { stateWord, words } from '../../words/words.ts';

/** Where a booking stands, and why, in two words. What its owner wanted is no error. */
export function StateBadge({ booking }: { readonly booking: BookingDetail }) {
  const { outcome, states } = words.value;
  if (booking.state === 'complete') {
    const isLetIn = booking.checked_in_at !== undefined;
    return <span class="badge good">{isLetIn ? states.checked_in : states.complete}</span>;
  }
  if (booking.state !== 'canceled') return <span class="badge wait">{stateWord(booking.state)}</span>;
  const reason = outcome.reasons[booking.reason as keyof typeof outcome.reasons];
  const isWanted = booking.reason === 'by_owner';
  return (
    <span class={isWanted ? 'badge' : 'badge bad'}>
      {states.canceled}
      {reason && `: ${reason.short}`}
    </span>
  );
}
