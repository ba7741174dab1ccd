import type { FastifyReply } from 'fastify';
import type { Person } from '../contracts/auth.ts';
import type { BookingAnswer, BookingDetail, BookingItem } from '../contracts/booking.ts';
import * as routes from '../contracts/routes/bookings.ts';
import { Forbidden, NotFound } from '../kit/errors.ts';
import type { Server } from '../kit/http.ts';
import { keyOf } from '../kit/idempotency.ts';
import { linkNextPage } from '../kit/page.ts';
import { route } from '../kit/route.ts';
import type { Sessions } from '../kit/session.ts';
import type { World } from '../kit/world.ts';
import type { Engine } from '../saga/engine.ts';
import type { Ids } from './ids.ts';
import { type BookingKeys, bookOnce } from './once.ts';
import { registration, type Status } from './registration.ts';
import type { Booking, BookingDraft, BookStore, History, StepReply } from './store.ts';

export interface BookRoutes {
  readonly store: BookStore;
  readonly keys: BookingKeys;
  readonly engine: Engine<Status, Booking, BookingDraft, StepReply>;
  readonly ids: Pick<Ids, 'checked'>;
  readonly sessions: Sessions<Person>;
  readonly world: World;
  readonly waitMs: number;
}

const item = ({ id, personId, eventId, price, state }: Booking): BookingItem => ({
  id,
  user_id: personId,
  event_id: eventId,
  ...(price === null ? {} : { price }),
  status: registration.table[state].number,
});

const answer = (booking: Booking): BookingAnswer => ({
  ...item(booking),
  ...(booking.reason === null ? {} : { reason: booking.reason }),
});

const detail = (booking: Booking, history: History): BookingDetail => ({
  ...answer(booking),
  state: booking.state,
  history: Object.entries(history).map(([state, at]) => ({ state, at: at.toISOString() })),
});

/** The public routes of book: one's own bookings, and nobody else's. */
export function bookRoutes(server: Server, { store, keys, engine, ids, sessions, world, waitMs }: BookRoutes): void {
  route(server, routes.createBooking, async (request, reply) => {
    const { id: personId } = await sessions.require(request);
    const isAsync = prefersAsync(request.headers.prefer);
    if (isAsync) reply.header('preference-applied', 'respond-async');
    const keyed = keyOf(request, personId);
    await ids.checked();
    const draft = { personId, eventId: request.body.event_id, ...(keyed && { keyed }) };
    const booking = await bookOnce({ engine, keys }, draft, isAsync ? 0 : waitMs);
    return answerBooking(reply, booking, 201);
  });

  route(server, routes.cancelBooking, async (request, reply) => {
    const person = await sessions.require(request);
    const { booking } = await requireOwn(person, request.body.booking_id);
    const keyed = keyOf(request, person.id);
    // Canceled twice is canceled once, with a key or without: the key only holds its sender to the same request.
    if (keyed !== undefined) await keys.keep(keyed, booking.id, new Date(world.now()));
    const isAsync = prefersAsync(request.headers.prefer);
    if (isAsync) reply.header('preference-applied', 'respond-async');
    const canceled = await engine.cancel(booking.id, 'by_owner', isAsync ? 0 : waitMs, person.id);
    return answerBooking(reply, canceled ?? booking, 200);
  });

  route(server, routes.listBookings, async (request, reply) => {
    const { id, role } = await sessions.require(request);
    const { user_id: personId = id, ...page } = request.query;
    if (personId !== id && role !== 'admin') throw new Forbidden('Only an admin lists the bookings of others.');
    const bookings = await store.listOf(personId, page);
    linkNextPage(request, reply, page, bookings);
    return bookings.map(item);
  });

  route(server, routes.getBooking, async (request) => {
    const { booking, history } = await requireOwn(await sessions.require(request), request.params.id);
    return detail(booking, history);
  });

  /** Another's booking is not told apart from one that does not exist; admins see all. */
  async function requireOwn({ id: personId, role }: Person, id: number) {
    const found = await store.get(id);
    if (found !== undefined && (found.booking.personId === personId || role === 'admin')) return found;
    throw new NotFound(`You have no booking ${id}.`);
  }
}

/** `settled` with a booking that has settled; 202 with one that has not, and where to look for it. */
function answerBooking(reply: FastifyReply, booking: Booking, settled: 200 | 201): FastifyReply {
  const isOpen = registration.isOpen(booking.state);
  return reply
    .code(isOpen ? 202 : settled)
    .header('location', `/book/get/${booking.id}`)
    .send(answer(booking));
}

/** Whether the caller would rather not wait (RFC 7240, `Prefer: respond-async`). */
function prefersAsync(prefer: string | string[] | undefined): boolean {
  return [prefer ?? []].flat().some((value) => /(^|[,;\s])respond-async($|[,;\s])/i.test(value));
}
