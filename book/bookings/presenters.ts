import type { BookingAnswer, BookingDetail, BookingItem } from '../../contracts/book/schemas.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga } from '../saga/table.ts';
import type { FullBooking } from './row-schema.ts';
import { showTicket } from './ticket.ts';

export const presentItem = ({ id, personId, eventId, price, state }: Booking): BookingItem => ({
  id,
  user_id: personId,
  event_id: eventId,
  ...(price === null ? {} : { price }),
  status: bookingSaga.numberOf(state),
});

export const presentBooking = (booking: Booking): BookingAnswer => ({
  ...presentItem(booking),
  ...(booking.reason === null ? {} : { reason: booking.reason }),
});

/** The ticket code is shown only to the owner, and only while it is valid. */
export const presentDetail = (full: FullBooking, viewerId: number): BookingDetail => {
  const { booking, history, ticketCode, checkedInAt } = full;
  const isShown = ticketCode !== null && booking.state === 'complete' && booking.personId === viewerId;
  return {
    ...presentBooking(booking),
    state: booking.state,
    history: Object.entries(history).map(([state, at]) => ({ state, at: at.toISOString() })),
    ...(isShown && { ticket_code: showTicket(ticketCode) }),
    ...(checkedInAt !== null && { checked_in_at: checkedInAt.toISOString() }),
    ...(booking.byHand?.guestName !== undefined && { guest_name: booking.byHand.guestName }),
    ...(booking.byHand?.deskReference !== undefined && { desk_reference: booking.byHand.deskReference }),
  };
};
