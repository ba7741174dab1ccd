import type { BookingDetail } from '../../api/shapes.ts';
import { reasonText, stateWord, words } from '../../words/words.ts';

/** The state of a booking, with the reason if it was canceled. A booking canceled by its owner is not red. */
export function StateBadge({ booking }: { readonly booking: BookingDetail }) {
  const { states } = words.value;
  if (booking.state === 'complete') {
    const isLetIn = booking.checked_in_at !== undefined;
    return <span class="badge good">{isLetIn ? states.checked_in : states.complete}</span>;
  }
  if (booking.state !== 'canceled') return <span class="badge wait">{stateWord(booking.state)}</span>;
  const isWanted = booking.reason === 'by_owner';
  return (
    <span class={isWanted ? 'badge' : 'badge bad'}>
      {states.canceled}
      {booking.reason && `: ${reasonText(booking.reason).short}`}
    </span>
  );
}
