import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/book/routes.ts';
import { accessTo } from '../../contracts/events/access.ts';
import { Forbidden } from '../../platform/errors.ts';
import { linkNextPage } from '../../platform/http/pagination.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import type { EventStreams } from '../../platform/live/sse.ts';
import type { World } from '../../platform/world.ts';
import type { Booking } from '../saga/booking-schema.ts';
import type { DetailsStore } from './details-store.ts';
import type { EventCache } from './event-cache.ts';
import type { LiveBookings } from './live.ts';
import { isOwnedBy, presentDetail, presentItem } from './presenters.ts';
import type { FullBooking } from './row-schema.ts';
import type { BookStore } from './store.ts';
import { ticketFrom } from './ticket.ts';
import { noSuchBooking } from './write-routes.ts';

export interface ReadRoutes {
  readonly store: BookStore;
  readonly details: DetailsStore;
  readonly live: LiveBookings;
  readonly eventCache: EventCache;
  readonly streams: EventStreams;
  readonly sessions: Sessions<Person>;
  readonly world: World;
}

/** Routes that show a person's own bookings; admins see all bookings. */
export function readRoutes(server: Server, parts: ReadRoutes): void {
  const { store, details, live, streams, sessions } = parts;

  route(server, routes.listBookings, async (request, reply) => {
    const { id, role } = await sessions.require(request);
    const { user_id: personId = id, event_id: eventId, view, ...page } = request.query;
    if (personId !== id && role !== 'admin')
      throw new Forbidden('Only an admin can list the bookings of other people.');
    if (view === 'detail') {
      const full = await details.listOf(personId, page, eventId);
      const shown = full.map((each) => presentDetail(each, isOwnedBy(each.booking, id)));
      linkNextPage(request, reply, page, shown);
      return shown;
    }
    const bookings = await store.listOf(personId, page, eventId);
    linkNextPage(request, reply, page, bookings);
    return bookings.map(presentItem);
  });

  route(server, routes.getBooking, async (request) => {
    const person = await sessions.require(request);
    const { id } = request.params;
    const found = await store.get(id);
    if (found === undefined) throw noSuchBooking(id);
    const mayUse = await mayUseTicket(parts, found.booking, person);
    if (!mayUse && person.role !== 'admin') throw noSuchBooking(id);
    return presentDetail(mayUse ? await withTicket(parts, found) : found, mayUse);
  });

  route(server, routes.watchBookings, async (request, reply) => {
    const { id } = await sessions.require(request);
    const mayStay = async () => (await sessions.of(request))?.id === id;
    live.watch(streams.open(request, reply, mayStay), id);
    return reply;
  });
}

/** Whether a person may use a ticket: its owner, and for the ticket of a guest those who manage the event. */
async function mayUseTicket({ eventCache }: ReadRoutes, booking: Booking, person: Person): Promise<boolean> {
  if (booking.byHand?.guestName === undefined) return isOwnedBy(booking, person.id);
  return accessTo(person, await eventCache.find(booking.eventId)) === 'manage';
}

/**
 * Sets the ticket code when the owner first reads the complete booking, not when it completes: random codes change
 * pages all over their index, and the first reads come after the peak of a sale.
 */
async function withTicket({ store, details, world }: ReadRoutes, full: FullBooking): Promise<FullBooking> {
  if (full.booking.state !== 'complete' || full.ticketCode !== null) return full;
  const { id } = full.booking;
  return (await details.giveTicket(id, ticketFrom(world.uuid()))) ?? (await store.get(id)) ?? full;
}
