import type { FastifyRequest } from 'fastify';
import type { Currency } from '../../contracts/account/schemas.ts';
import type { Person, PersonName } from '../../contracts/auth/calls.ts';
import type { CheckedIn, CheckInBody } from '../../contracts/book/attendees.ts';
import * as routes from '../../contracts/book/attendees-routes.ts';
import { type Access, accessTo, suffices } from '../../contracts/events/access.ts';
import type { EventDescription } from '../../contracts/events/calls.ts';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../platform/errors.ts';
import { readIdempotencyKey } from '../../platform/http/idempotency-key.ts';
import { linkPageAfter } from '../../platform/http/pagination.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import { readMoment } from '../../platform/http/timestamps.ts';
import type { EventCache } from '../bookings/event-cache.ts';
import type { FullBooking } from '../bookings/row-schema.ts';
import { ticketReadings } from '../bookings/ticket.ts';
import type { SalesSoFar } from '../insights/sales.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { attendeeItem, guestItem, listAttendees, type Names } from './attendees.ts';
import { attendeesCsv } from './attendees-csv.ts';
import type { AttendeesStore } from './attendees-store.ts';
import { type CheckIn, type CheckIns, noSuchTicket } from './check-ins.ts';

export interface AttendeesRoutes {
  readonly store: AttendeesStore;
  readonly checkIns: CheckIns;
  readonly eventCache: EventCache;
  readonly names: Names;
  readonly sales: (eventId: number) => Promise<SalesSoFar>;
  readonly currency: () => Promise<Currency>;
  readonly sessions: Sessions<Person>;
}

/** Attendees, check-in and sales, for organizers. */
export function attendeesRoutes(server: Server, parts: AttendeesRoutes): void {
  const { store, checkIns, eventCache, names, sales, currency, sessions } = parts;

  route(server, routes.checkIn, async (request) => {
    const person = await sessions.require(request);
    const { event_id: atEventId, ...guest } = request.body;
    const found = await findGuest(store, guest);
    if (found === undefined) throw new NotFound(noSuchTicket);
    const [name] = await names([found.booking.personId]);
    const keyed = readIdempotencyKey(request, person.id);
    const checkIn = await checkIns.checkIn(() => judge(eventCache, person, found, atEventId), person.id, keyed);
    return checkedIn(found, checkIn, name);
  });

  route(server, routes.undoCheckIn, async (request) => {
    const person = await sessions.require(request);
    const found = await store.find(request.body.booking_id);
    if (found === undefined) throw new NotFound(noSuchTicket);
    const keyed = readIdempotencyKey(request, person.id);
    const { id, eventId } = found.booking;
    const at = readMoment(request.body.checked_in_at, 'checked_in_at');
    const undoing = { by: person.id, at, keyed };
    const wasCheckedIn = await checkIns.undo(() => judge(eventCache, person, found), undoing);
    return { booking_id: id, event_id: eventId, was_checked_in: wasCheckedIn };
  });

  route(server, routes.listAttendees, async (request, reply) => {
    const { event, access } = await requireAccess(parts, request, 'scan');
    const { q: search, ...page } = request.query;
    const isGone = () => reply.raw.destroyed;
    const { found, next } = await listAttendees({ store, names }, event.id, { page, search, isGone });
    if (next !== undefined) linkPageAfter(request, reply, { ...page, after: next });
    return found.map(access === 'manage' ? attendeeItem : guestItem);
  });

  route(server, routes.exportAttendees, async (request, reply) => {
    const { id, timeZone } = (await requireAccess(parts, request, 'manage')).event;
    const { separator = ',' } = request.query;
    const format = { separator, timeZone, currency: await currency() };
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="attendees-of-event-${id}.csv"`)
      .header('cache-control', 'no-store')
      .send(attendeesCsv({ store, names }, id, format));
  });

  route(server, routes.showSales, async (request) => {
    const { id, totalSlots } = (await requireAccess(parts, request, 'manage')).event;
    return { ...(await sales(id)), total_slots: totalSlots };
  });
}

/** Reads the event of a request. @throws Forbidden when the person may do less there than needed. */
async function requireAccess(
  { sessions, eventCache }: AttendeesRoutes,
  request: FastifyRequest<{ Params: { event_id: number } }>,
  needed: Access,
): Promise<{ readonly event: EventDescription; readonly access: Access }> {
  const person = await sessions.require(request);
  const event = await eventCache.require(request.params.event_id);
  const access = accessTo(person, event);
  if (suffices(access, needed)) return { event, access };
  throw new Forbidden('Only the organizer of the event, its helpers or an admin can see its attendees and sales.');
}

async function findGuest(store: AttendeesStore, body: CheckInBody): Promise<FullBooking | undefined> {
  const { code: text, booking_id: id } = body;
  if ((text === undefined) === (id === undefined)) {
    throw new InvalidInput('Send either code or booking_id, not both.', 'code');
  }
  if (id !== undefined) return store.find(id);
  const codes = ticketReadings(text ?? '');
  return codes.length === 0 ? undefined : store.findByTicket(codes);
}

/**
 * Returns the booking if the person may check it in at this entrance.
 * @throws NotFound, as for an unknown ticket, when the ticket is for another organizer's event; Conflict when it is for
 * another event of the person, or when the booking is not complete.
 */
async function judge(
  eventCache: EventCache,
  person: Person,
  { booking }: FullBooking,
  atEventId = booking.eventId,
): Promise<Booking> {
  const event = await eventCache.find(booking.eventId);
  if (accessTo(person, event) === undefined) throw new NotFound(noSuchTicket);
  if (booking.eventId !== atEventId) throw otherEvent(booking, event);
  if (booking.state !== 'complete') {
    throw new Conflict('The booking for this ticket was canceled or is not complete yet.', undefined, {
      reason: 'not_complete',
    });
  }
  return booking;
}

/** The error for a ticket of another event. Its message names that event; the ticket stays valid. */
function otherEvent({ id, eventId }: Booking, event: EventDescription | undefined): Conflict {
  const name = event?.name ?? '';
  const why = { reason: 'other_event', values: { booking_id: id, event_id: eventId, event_name: name } };
  return new Conflict(`This ticket is for another event: ${name} (${eventId}).`, 'event_id', why);
}

function checkedIn({ booking }: FullBooking, { at, isFirst }: CheckIn, name: PersonName | null | undefined): CheckedIn {
  return {
    booking_id: booking.id,
    event_id: booking.eventId,
    user_id: booking.personId,
    person: { login: name?.login ?? '', first_name: name?.firstName ?? '', last_name: name?.lastName ?? '' },
    ...(booking.byHand?.guestName !== undefined && { guest_name: booking.byHand.guestName }),
    checked_in_at: at.toISOString(),
    is_first: isFirst,
  };
}
