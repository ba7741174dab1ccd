import type { FastifyRequest } from 'fastify';
import type { CheckedIn } from '../contracts/attendees.ts';
import type { Person, PersonName } from '../contracts/auth.ts';
import type { EventDescription } from '../contracts/events.ts';
import * as routes from '../contracts/routes/attendees.ts';
import { Conflict, Forbidden, NotFound } from '../kit/errors.ts';
import type { Server } from '../kit/http.ts';
import { keyOf } from '../kit/idempotency.ts';
import { linkPageAfter } from '../kit/page.ts';
import { route } from '../kit/route.ts';
import type { Sessions } from '../kit/session.ts';
import { attendeeItem, attendeesCsv, listAttendees, type Names } from './attendees.ts';
import type { AttendeesStore } from './attendees-store.ts';
import type { CheckIns, LetIn } from './check-ins.ts';
import type { Descriptions } from './descriptions.ts';
import type { SalesSoFar } from './sales.ts';
import type { Booking, FullBooking } from './store.ts';
import { readTicket } from './ticket.ts';

export interface AttendeesRoutes {
  readonly store: AttendeesStore;
  readonly checkIns: CheckIns;
  readonly descriptions: Descriptions;
  readonly names: Names;
  readonly sales: (eventId: number) => Promise<SalesSoFar>;
  readonly sessions: Sessions<Person>;
}

/** Whether someone runs an event. */
export const runs = ({ id, role }: Person, event: EventDescription | undefined) =>
  role === 'admin' || event?.organizerId === id;

/** What organizers are told about those who come to their events, and who is let in. */
export function attendeesRoutes(server: Server, parts: AttendeesRoutes): void {
  const { store, checkIns, descriptions, names, sales, sessions } = parts;

  route(server, routes.checkIn, async (request) => {
    const person = await sessions.require(request);
    const code = readTicket(request.body.code);
    const found = code === undefined ? undefined : await store.findByTicket(code);
    if (found === undefined) throw new NotFound(noSuchTicket);
    const [name] = await names([found.booking.personId]);
    const letIn = await checkIns.letIn(() => judge(person, found), person.id, keyOf(request, person.id));
    return checkedIn(found, letIn, name);
  });

  route(server, routes.listAttendees, async (request, reply) => {
    const { id } = await requireOwnEvent(request, request.params.event_id);
    const { q: search, ...page } = request.query;
    const isGone = () => reply.raw.destroyed;
    const { found, next } = await listAttendees({ store, names }, id, { page, search, isGone });
    if (next !== undefined) linkPageAfter(request, reply, { ...page, after: next });
    return found.map(attendeeItem);
  });

  route(server, routes.exportAttendees, async (request, reply) => {
    const { id } = await requireOwnEvent(request, request.params.event_id);
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="attendees-of-event-${id}.csv"`)
      .header('cache-control', 'no-store')
      .send(attendeesCsv({ store, names }, id));
  });

  route(server, routes.showSales, async (request) => {
    const { id, totalSlots } = await requireOwnEvent(request, request.params.event_id);
    return { ...(await sales(id)), total_slots: totalSlots };
  });

  async function requireOwnEvent(request: FastifyRequest, eventId: number): Promise<EventDescription> {
    const person = await sessions.require(request);
    const event = await descriptions.require(eventId);
    if (runs(person, event)) return event;
    throw new Forbidden('Only its organizer or an admin sees who comes to an event.');
  }

  /** A ticket for another's event is not told apart from one that does not exist. */
  async function judge(person: Person, { booking }: FullBooking): Promise<Booking> {
    if (!runs(person, await descriptions.find(booking.eventId))) throw new NotFound(noSuchTicket);
    if (booking.state !== 'complete') throw new Conflict('The booking of this ticket was canceled.');
    return booking;
  }
}

const noSuchTicket = 'There is no such ticket for your events.';

function checkedIn({ booking }: FullBooking, { at, isFirst }: LetIn, name: PersonName | null | undefined): CheckedIn {
  return {
    booking_id: booking.id,
    event_id: booking.eventId,
    user_id: booking.personId,
    person: { login: name?.login ?? '', first_name: name?.firstName ?? '', last_name: name?.lastName ?? '' },
    checked_in_at: at.toISOString(),
    is_first: isFirst,
  };
}
