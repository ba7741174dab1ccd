import type { Clients } from '../clients.ts';
import type { BookingRow, EventRow, RecordRow, Tables } from '../tables.ts';

export function checkSlots({ events, slots, bookings }: Tables, { maybePrices }: Clients): string[] {
  const offences: string[] = [];
  const byHand = new Set(bookings.flatMap(({ id, madeBy }) => (madeBy === null ? [] : [id])));
  for (const event of events) {
    const { id, totalSlots, takenSlots, isCanceled } = event;
    const held = slots.filter(({ eventId, state }) => eventId === id && state === 'granted');
    const granted = held.length;
    const sold = slots.filter((slot) => slot.eventId === id && slot.amount !== null && !byHand.has(slot.bookingId));
    offences.push(...checkSales(event, sold));
    for (const { bookingId, amount } of sold) {
      if (maybePrices.get(id)?.has(amount as number)) continue;
      offences.push(`booking ${bookingId} got a slot for ${amount}, which was never the price of event ${id}`);
    }
    if (granted !== takenSlots) offences.push(`event ${id} has ${takenSlots} taken slots, but granted ${granted}`);
    if (granted > totalSlots) offences.push(`event ${id} is oversold: ${granted} of ${totalSlots}`);
    if (isCanceled && granted > 0) offences.push(`event ${id} is canceled, but ${granted} of its slots are granted`);
  }
  return [...offences, ...checkOwners('slot', slots, bookings)];
}

/**
 * No person holds more slots than the limit, or a slot granted outside the time of the sale, by the clock of events.
 * @param sold the slots that were granted, without those of bookings by hand, which have no limits.
 */
function checkSales(event: EventRow, sold: readonly RecordRow[]): string[] {
  const { id, saleOpensAt, maxPerPerson } = event;
  const held = sold.filter(({ state }) => state === 'granted');
  const endsAt = event.saleClosesAt ?? event.startsAt;
  const early = held.filter(({ decidedAt }) => saleOpensAt !== null && decidedAt < saleOpensAt);
  const late = held.filter(({ decidedAt }) => endsAt !== null && decidedAt >= endsAt);
  const offences = [
    ...early.map(({ bookingId }) => `booking ${bookingId} got a slot before the sales of event ${id} opened`),
    ...late.map(({ bookingId }) => `booking ${bookingId} got a slot after the sales of event ${id} had ended`),
  ];
  for (const [personId, own] of Map.groupBy(held, (record) => record.personId)) {
    if (maxPerPerson === null || own.length <= maxPerPerson) continue;
    offences.push(`person ${personId} bought ${own.length} slots of event ${id}, but may hold ${maxPerPerson}`);
  }
  return offences;
}

/** Each record belongs to an existing booking, with the same event and person. */
export function checkOwners(what: string, records: readonly RecordRow[], bookings: readonly BookingRow[]): string[] {
  return records.flatMap(({ bookingId, eventId, personId }) => {
    const booking = bookings.find(({ id }) => id === bookingId);
    if (booking === undefined) return [`there is a ${what} of booking ${bookingId}, but no such booking`];
    if (booking.eventId === eventId && booking.personId === personId) return [];
    return [`the ${what} of booking ${bookingId} has event ${eventId} and person ${personId}, unlike the booking`];
  });
}
