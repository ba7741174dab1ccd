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

/** The ticket code is shown only while it is valid. @param mayUse whether the viewer may use the ticket. */
export const presentDetail = (full: FullBooking, mayUse: boolean): BookingDetail => {
  const { booking, history, ticketCode, checkedInAt, bookedAt } = full;
  const isShown = ticketCode !== null && booking.state === 'complete' && mayUse;
  const isRepaired = bookedAt.getTime() !== history[bookingSaga.first]?.getTime();
  return {
    ...presentBooking(booking),
    state: booking.state,
    history: Object.entries(history).map(([state, at]) => ({ state, at: at.toISOString() })),
    ...(isShown && { ticket_code: showTicket(ticketCode) }),
    ...(isRepaired && { booked_at: bookedAt.toISOString() }),
    ...(checkedInAt !== null && { checked_in_at: checkedInAt.toISOString() }),
    ...(booking.byHand?.guestName !== undefined && { guest_name: booking.byHand.guestName }),
    ...(booking.byHand?.deskReference !== undefined && { desk_reference: booking.byHand.deskReference }),
  };
};

/**
 * Whether a person owns a booking. The booking of a guest has no owner: its person is the organizer who made it, and only
 * those who manage the event at the moment may use it.
 */
export const isOwnedBy = ({ personId, byHand }: Booking, id: number): boolean =>
  personId === id && byHand?.guestName === undefined;
