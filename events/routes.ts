import type { Person } from '../contracts/auth.ts';
import type { EventDetail, EventItem } from '../contracts/events.ts';
import * as routes from '../contracts/routes/events.ts';
import { Forbidden, NotFound } from '../kit/errors.ts';
import type { Server } from '../kit/http.ts';
import { keyOf } from '../kit/idempotency.ts';
import { linkNextPage } from '../kit/page.ts';
import { route } from '../kit/route.ts';
import type { Sessions } from '../kit/session.ts';
import type { World } from '../kit/world.ts';
import type { Event, EventsStore } from './store.ts';

const item = ({ id, name, price, totalSlots }: Event): EventItem => ({
  id,
  event_name: name,
  price,
  total_slots: totalSlots,
});

const detail = (event: Event): EventDetail => ({
  ...item(event),
  free_slots: event.totalSlots - event.takenSlots,
  organizer_id: event.organizerId,
  created_at: event.createdAt.toISOString(),
  ...(event.canceledAt !== null && { cancellation: cancellation(event, event.canceledAt) }),
});

const cancellation = ({ takenAtCancel, takenSlots }: Event, canceledAt: Date) => ({
  canceled_at: canceledAt.toISOString(),
  slots_given_back: (takenAtCancel ?? 0) - takenSlots,
  of: takenAtCancel ?? 0,
});

export interface EventsRoutes {
  readonly store: EventsStore;
  readonly sessions: Sessions<Person>;
  readonly world: World;
}

/** The public routes of events. Reading needs no session. */
export function eventsRoutes(server: Server, { store, sessions, world }: EventsRoutes): void {
  route(server, routes.createEvent, async (request, reply) => {
    const { id: organizerId, role } = await sessions.require(request);
    const { event_name: name, price, total_slots: totalSlots } = request.body;
    const now = new Date(world.now());
    const event = await store.once({ keyed: keyOf(request, organizerId), now }, async (tables) => {
      if (role === 'person') throw new Forbidden('Only an organizer or an admin creates events.');
      return item(await tables.create({ name, price, totalSlots, organizerId }, now));
    });
    return reply.code(201).header('location', `/events/get/${event.id}`).send(event);
  });

  route(server, routes.listEvents, async (request, reply) => {
    const events = await store.list(request.query);
    linkNextPage(request, reply, request.query, events);
    return events.map(item);
  });

  route(server, routes.getEvent, async (request) => {
    const event = await store.get(request.params.id);
    if (event === undefined) throw new NotFound(`There is no event ${request.params.id}.`);
    return detail(event);
  });

  route(server, routes.cancelEvent, async (request) => {
    const person = await sessions.require(request);
    const { event_id: id } = request.body;
    const now = new Date(world.now());
    return store.once({ keyed: keyOf(request, person.id), now }, async (tables) => {
      const event = await tables.get(id);
      if (event === undefined) throw new NotFound(`There is no event ${id}.`);
      if (person.role !== 'admin' && event.organizerId !== person.id) {
        throw new Forbidden('Only its organizer or an admin cancels an event.');
      }
      return detail((await tables.cancel(id, now)) ?? event);
    });
  });
}
