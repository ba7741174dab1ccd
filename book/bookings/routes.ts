import type { FastifyReply } from 'fastify';
import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/book/routes.ts';
import { Forbidden, NotFound } from '../../platform/errors.ts';
import { readIdempotencyKey } from '../../platform/http/idempotency-key.ts';
import { linkNextPage } from '../../platform/http/pagination.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import type { EventStreams } from '../../platform/live/sse.ts';
import type { World } from '../../platform/world.ts';
import type { Engine } from '../../saga/coordinator/engine.ts';
import { registration, type Status } from '../registration.ts';
import { cancellationReason, ticketAlreadyUsed } from './cancellation.ts';
import { type BookingKeys, createOnce } from './create-once.ts';
import type { DetailsStore } from './details-store.ts';
import { type EventCache, mayManage } from './event-cache.ts';
import type { LiveBookings } from './live.ts';
import { presentBooking, presentDetail, presentItem } from './presenters.ts';
import type { Booking, BookingDraft, BookStore, FullBooking, StepReply } from './store.ts';
import { ticketFrom } from './ticket.ts';

export interface BookRoutes {
  readonly store: BookStore;
  readonly details: DetailsStore;
  readonly tickets: { giveTicket(bookingId: number, code: string): Promise<FullBooking | undefined> };
  readonly eventCache: EventCache;
  readonly live: LiveBookings;
  readonly streams: EventStreams;
  readonly keys: BookingKeys;
  readonly engine: Engine<Status, Booking, BookingDraft, StepReply>;
  readonly ids: { checked(): Promise<void> };
  readonly sessions: Sessions<Person>;
  readonly world: World;
  readonly waitMs: number;
}

/** The public routes of book: one's own bookings, and nobody else's. */
export function bookRoutes(server: Server, parts: BookRoutes): void {
  const { store, details, keys, engine, ids, sessions, world, waitMs } = parts;

  route(server, routes.createBooking, async (request, reply) => {
    const { id: personId } = await sessions.require(request);
    const isAsync = prefersAsync(request.headers.prefer);
    if (isAsync) reply.header('preference-applied', 'respond-async');
    const keyed = readIdempotencyKey(request, personId);
    await ids.checked();
    const draft = { personId, eventId: request.body.event_id, ...(keyed && { keyed }) };
    const booking = await createOnce({ engine, keys }, draft, isAsync ? 0 : waitMs);
    return answerBooking(reply, booking, 201);
  });

  route(server, routes.cancelBooking, async (request, reply) => {
    const person = await sessions.require(request);
    const { booking, reason } = await requireCancelable(person, request.body.booking_id);
    const keyed = readIdempotencyKey(request, person.id);
    // Canceled twice is canceled once, with a key or without: the key only holds its sender to the same request.
    if (keyed !== undefined) await keys.keep(keyed, booking.id, new Date(world.now()));
    const isAsync = prefersAsync(request.headers.prefer);
    if (isAsync) reply.header('preference-applied', 'respond-async');
    const canceled = await engine.cancel(booking.id, reason, isAsync ? 0 : waitMs, person.id);
    if (canceled?.state === 'complete')
      throw ticketAlreadyUsed((await store.get(booking.id))?.checkedInAt ?? new Date(world.now()));
    return answerBooking(reply, canceled ?? booking, 200);
  });

  route(server, routes.listBookings, async (request, reply) => {
    const { id, role } = await sessions.require(request);
    const { user_id: personId = id, view, ...page } = request.query;
    if (personId !== id && role !== 'admin') throw new Forbidden('Only an admin lists the bookings of others.');
    if (view === 'detail') {
      const full = await details.listOf(personId, page);
      const shown = full.map((each) => presentDetail(each, id));
      linkNextPage(request, reply, page, shown);
      return shown;
    }
    const bookings = await store.listOf(personId, page);
    linkNextPage(request, reply, page, bookings);
    return bookings.map(presentItem);
  });

  route(server, routes.getBooking, async (request) => {
    const person = await sessions.require(request);
    const found = await requireOwn(person, request.params.id);
    const isOwner = found.booking.personId === person.id;
    return presentDetail(isOwner ? await withTicket(found) : found, person.id);
  });

  route(server, routes.watchBookings, async (request, reply) => {
    const { id } = await sessions.require(request);
    const mayStay = async () => (await sessions.of(request))?.id === id;
    parts.live.watch(parts.streams.open(request, reply, mayStay), id);
    return reply;
  });

  /** Another's booking is not told apart from one that does not exist; admins see all. */
  async function requireOwn({ id: personId, role }: Person, id: number): Promise<FullBooking> {
    const found = await store.get(id);
    if (found !== undefined && (found.booking.personId === personId || role === 'admin')) return found;
    throw new NotFound(`You have no booking ${id}.`);
  }

  /** A booking that someone may cancel, and why it is canceled. What is canceled already is not judged again. */
  async function requireCancelable(person: Person, id: number) {
    const found = await store.get(id);
    if (found === undefined) throw new NotFound(`You have no booking ${id}.`);
    const { booking, checkedInAt } = found;
    const isOwner = booking.personId === person.id;
    const isGone = registration.table[booking.state].cancel === undefined;
    // An admin's word needs no event, and what is gone needs no word.
    const isAsked = !isOwner ? person.role !== 'admin' : !isGone;
    const event = isAsked ? await parts.eventCache.find(booking.eventId) : undefined;
    const mayAlways = mayManage(person, event);
    if (!isOwner && !mayAlways) throw new NotFound(`You have no booking ${id}.`);
    if (isGone) return { booking, reason: 'by_owner' };
    const now = new Date(world.now());
    return { booking, reason: cancellationReason({ isOwner, mayAlways, checkedInAt, event, now }) };
  }

  /**
   * A ticket is drawn when its owner first looks, and nobody else, not when the booking completes: random keys go all over an index, and
   * at the opening nobody looks yet.
   */
  async function withTicket(full: FullBooking): Promise<FullBooking> {
    if (full.booking.state !== 'complete' || full.ticketCode !== null) return full;
    const { id } = full.booking;
    return (await parts.tickets.giveTicket(id, ticketFrom(world.uuid()))) ?? (await store.get(id)) ?? full;
  }
}

/** `settled` with a booking that has settled; 202 with one that has not, and where to look for it. */
function answerBooking(reply: FastifyReply, booking: Booking, settled: 200 | 201): FastifyReply {
  const isOpen = registration.isOpen(booking.state);
  return reply
    .code(isOpen ? 202 : settled)
    .header('location', `/book/get/${booking.id}`)
    .send(presentBooking(booking));
}

/** Whether the caller would rather not wait (RFC 7240, `Prefer: respond-async`). */
function prefersAsync(prefer: string | string[] | undefined): boolean {
  return [prefer ?? []].flat().some((value) => /(^|[,;\s])respond-async($|[,;\s])/i.test(value));
}
