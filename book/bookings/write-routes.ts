import type { FastifyReply, FastifyRequest } from 'fastify';
import type { People, Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/book/routes.ts';
import { accessTo } from '../../contracts/events/access.ts';
import { NotFound, Unavailable } from '../../platform/errors.ts';
import { readIdempotencyKey } from '../../platform/http/idempotency-key.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import type { World } from '../../platform/world.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga } from '../saga/table.ts';
import type { BookingEngine, IdGuard } from './booking-engine.ts';
import { draftByHand } from './by-hand.ts';
import { cancellationReason, ticketAlreadyUsed } from './cancellation-rules.ts';
import { type BookingKeys, createOnce } from './create-once.ts';
import type { EventCache } from './event-cache.ts';
import { isOwnedBy, presentBooking } from './presenters.ts';
import type { BookStore } from './store.ts';

export interface WriteRoutes {
  readonly store: BookStore;
  readonly eventCache: EventCache;
  readonly keys: BookingKeys;
  readonly engine: BookingEngine;
  readonly people: People;
  readonly ids: IdGuard;
  readonly sessions: Sessions<Person>;
  readonly world: World;
  /** How long a response waits for its booking to settle, in milliseconds. */
  readonly waitMs: number;
}

/** Routes that create and cancel bookings. */
export function writeRoutes(server: Server, parts: WriteRoutes): void {
  const { store, keys, engine, ids, sessions, world } = parts;

  route(server, routes.createBooking, async (request, reply) => {
    const { id: personId } = await sessions.require(request);
    const waitMs = waitOf(request, reply, parts.waitMs);
    const keyed = readIdempotencyKey(request, personId);
    await ids.checked();
    const { event_id: eventId, price } = request.body;
    const draft = { personId, eventId, ...(price !== undefined && { expectedPrice: price }), ...(keyed && { keyed }) };
    return sendBooking(reply, await createOnce({ engine, keys }, draft, waitMs), 201);
  });

  route(server, routes.bookByHand, async (request, reply) => {
    const organizer = await sessions.requireNow(request);
    const waitMs = waitOf(request, reply, parts.waitMs);
    const draft = await draftByHand(parts, organizer, request);
    await ids.checked();
    return sendBooking(reply, await createOnce({ engine, keys }, draft, waitMs), 201);
  });

  route(server, routes.cancelBooking, async (request, reply) => {
    const person = await sessions.require(request);
    const { booking, reason } = await findCancelable(parts, request, person);
    const keyed = readIdempotencyKey(request, person.id);
    // Canceling is idempotent even without a key. The key is stored to reject a different request with the same key.
    if (keyed !== undefined) await keys.keep(keyed, booking.id, new Date(world.now()));
    const waitMs = waitOf(request, reply, parts.waitMs);
    const canceled = await engine.cancel(booking.id, reason, waitMs, person.id);
    if (canceled?.state === 'complete')
      throw ticketAlreadyUsed((await store.get(booking.id))?.checkedInAt ?? new Date(world.now()));
    return sendBooking(reply, canceled ?? booking, 200);
  });
}

/**
 * Finds a booking that the person may cancel, and the reason to store. A booking that is already canceled, or is being
 * canceled, is returned as well.
 * @throws NotFound; Conflict when it is too late.
 */
async function findCancelable(
  { store, eventCache, sessions, world }: WriteRoutes,
  request: FastifyRequest<{ Body: { booking_id: number } }>,
  asking: Person,
) {
  const id = request.body.booking_id;
  const found = await store.get(id);
  if (found === undefined) throw noSuchBooking(id);
  const { booking, checkedInAt, bookedAt } = found;
  const isOwner = isOwnedBy(booking, asking.id);
  // To cancel the booking of another person takes a role, which is looked up again.
  const person = isOwner ? asking : await sessions.requireNow(request);
  if (bookingSaga.isUnknown(booking.state))
    throw new Unavailable(`booking ${id} is in a state of a newer version, which has to cancel it`);
  const isGone = !bookingSaga.cancelable.includes(booking.state);
  // The event is read for its deadline, which limits an owner, and for its organizer, who may cancel the bookings of
  // others.
  const needsEvent = isOwner ? !isGone : person.role !== 'admin';
  const event = needsEvent ? await eventCache.findNow(booking.eventId) : undefined;
  const mayAlways = accessTo(person, event) === 'manage';
  if (!isOwner && !mayAlways) throw noSuchBooking(id);
  if (isGone) return { booking, reason: 'by_owner' };
  const now = new Date(world.now());
  return { booking, reason: cancellationReason({ isOwner, mayAlways, checkedInAt, bookedAt, event, now }) };
}

/** The error is the same for a missing booking and for another person's, so that ids cannot be probed. */
export function noSuchBooking(id: number): NotFound {
  return new NotFound(`You have no booking ${id}.`);
}

/** Sends a booking. The status is 202 while it is open and `settled` otherwise; `Location` is the path to poll. */
function sendBooking(reply: FastifyReply, booking: Booking, settled: 200 | 201): FastifyReply {
  const isOpen = bookingSaga.isOpen(booking.state);
  return reply
    .code(isOpen ? 202 : settled)
    .header('location', `/book/get/${booking.id}`)
    .send(presentBooking(booking));
}

/** How long the response waits, in milliseconds; 0 for clients that send `Prefer: respond-async` (RFC 7240). */
function waitOf(request: FastifyRequest, reply: FastifyReply, waitMs: number): number {
  const preferences = [request.headers.prefer ?? []].flat();
  const isAsync = preferences.some((value) => /(^|[,;\s])respond-async($|[,;\s])/i.test(value));
  if (!isAsync) return waitMs;
  reply.header('preference-applied', 'respond-async');
  return 0;
}
