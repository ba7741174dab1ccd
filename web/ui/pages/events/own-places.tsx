import type { BookingDetail } from '../../api/shapes.ts';
import { Notice } from '../../controls/notice.tsx';
import { words } from '../../words/words.ts';

/** The bookings that hold a place for the person, not for a guest, or may soon. */
export function placesOf(all: readonly BookingDetail[]): BookingDetail[] {
  return all.filter(({ state, guest_name: guest }) => state !== 'canceled' && guest === undefined);
}

/** Says first that the person has a place, with links to the tickets. */
export function OwnPlaces({ all }: { readonly all: readonly BookingDetail[] }) {
  const { event: text } = words.value;
  const places = placesOf(all).filter(({ state }) => state === 'complete');
  if (places.length === 0) return null;
  return (
    <Notice kind="good" head={text.havePlaces(places.length)}>
      {places.map(({ id }) => (
        <p key={id}>
          <a href={`/booking/${id}`}>{text.ticketOf(id)}</a>
        </p>
      ))}
    </Notice>
  );
}
