import type { Clients } from '../clients.ts';
import { wordsOfRow } from '../orders.ts';
import type { BookingRow, Tables } from '../tables.ts';

/** Every answer to a client is true: the booking is stored as answered, or has moved on or was canceled since. */
export function checkAnswers({ bookings }: Tables, clients: Clients): string[] {
  const offences: string[] = [];
  for (const { how, booking: told } of clients.told) {
    const booking = bookings.find(({ id }) => id === told.id);
    const require = (isSo: boolean, what: string) =>
      isSo || offences.push(`booking ${told.id} was answered as ${told.state} (${how}), but ${what}`);
    require(booking !== undefined, 'does not exist');
    if (booking === undefined) continue;
    require(told.personId === booking.personId && told.eventId === booking.eventId, 'has another person or event');
    require(told.price === null || told.price === booking.price, `costs ${booking.price}, not ${told.price}`);
    require(told.reason === null || told.reason === booking.reason, `is canceled for ${booking.reason}`);
    if (told.state === 'canceled' || how === 'canceled') require(booking.state === 'canceled', `is ${booking.state}`);
    const mayBeCanceled = clients.maybeCanceled.has(told.id) || clients.maybeCanceledEvents.has(told.eventId);
    if (told.state === 'complete') require(mayBeCanceled || booking.state === 'complete', `is ${booking.state}`);
  }
  const ids = clients.told.flatMap(({ how, booking }) => (how === 'booked' ? [booking.id] : []));
  if (new Set(ids).size < ids.length) offences.push(`two clients were answered with one booking: ${ids}`);
  return [...offences, ...checkStored(bookings, clients)];
}

/** Every answered booking is stored, every booking with an unknown outcome may be stored, and no others are. */
function checkStored(bookings: readonly BookingRow[], { asked }: Clients): string[] {
  const stored = Map.groupBy(bookings, wordsOfRow);
  const unasked = [...stored.keys()].filter((words) => !asked.has(words));
  const offences = unasked.map((words) => `no client booked ${words}`);
  for (const [words, { ids, notKnown }] of asked) {
    const count = stored.get(words)?.length ?? 0;
    if (count >= ids.length && count <= ids.length + notKnown) continue;
    offences.push(`${words}: ${count} are stored, ${ids.length} were answered, ${notKnown} may be stored`);
  }
  return offences;
}

/** Every event that was answered as canceled is canceled. */
export function checkCanceledEvents({ events }: Tables, { canceledEvents }: Clients): string[] {
  return [...canceledEvents].flatMap((id) =>
    events.some((event) => event.id === id && event.isCanceled) ? [] : [`event ${id} is not canceled`],
  );
}

/** A key belongs to one booking, which is the booking in the client's answer. */
export function checkKeys({ keys, bookings }: Tables, clients: Clients): string[] {
  const offences = keys.flatMap(({ key, bookingId }) =>
    bookings.some(({ id }) => id === bookingId)
      ? []
      : [`the key ${key} stands for booking ${bookingId}, which does not exist`],
  );
  if (new Set(keys.map(({ bookingId }) => bookingId)).size < keys.length)
    offences.push('two keys stand for one booking');
  for (const [client, id] of clients.keys) {
    const kept = keys.find(({ key }) => key === client)?.bookingId;
    if (kept !== id) offences.push(`${client} was answered with booking ${id}, but its key stands for ${kept}`);
  }
  return offences;
}
