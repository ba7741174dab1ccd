import type { Static } from 'typebox';
import type { Person } from '../contracts/auth/calls.ts';
import * as routes from '../contracts/events/routes.ts';
import { shareQueries } from '../platform/cache.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import { readIdempotencyKey } from '../platform/http/idempotency-key.ts';
import { linkNextPage } from '../platform/http/pagination.ts';
import { route } from '../platform/http/route.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import type { EventStreams } from '../platform/live/sse.ts';
import type { World } from '../platform/world.ts';
import { changeEvent, newEvent, readFields } from './edits.ts';
import type { LiveEvents } from './live.ts';
import { lockManaged } from './permissions.ts';
import { detail, item } from './presenters.ts';
import type { EventDraft, EventsStore } from './store.ts';

export interface EventsRoutes {
  readonly store: EventsStore;
  readonly live: LiveEvents;
  readonly streams: EventStreams;
  readonly sessions: Sessions<Person>;
  readonly world: World;
}

/** The public routes of events. Reading needs no session. */
export function eventsRoutes(server: Server, parts: EventsRoutes): void {
  readRoutes(server, parts);
  liveRoutes(server, parts);
  writeRoutes(server, parts);
}

function readRoutes(server: Server, { store, world }: EventsRoutes): void {
  // When a sale opens, many people read the same page and the same event: they share one query.
  const events = shareQueries(world, String, (id: number) => store.get(id));
  const lists = shareQueries(
    world,
    ({ view, organizer_id, when, after, limit, ids }) => [view, organizer_id, when, after, limit, ids].join(),
    async ({ view, organizer_id: organizerId, when, ids, ...page }: Static<typeof routes.listEvents.query>) => {
      const now = new Date(world.now());
      const events = await store.list(page, { organizerId, when, ids: readIds(ids), now });
      return view === 'detail' ? events.map(detail) : events.map(item);
    },
  );

  route(server, routes.listEvents, async (request, reply) => {
    const shown = await lists(request.query);
    linkNextPage(request, reply, request.query, shown);
    return shown;
  });

  route(server, routes.getEvent, async (request) => {
    const event = await events(request.params.id);
    if (event === undefined) throw new NotFound(`There is no event ${request.params.id}.`);
    return detail(event);
  });
}

function liveRoutes(server: Server, { live, streams }: EventsRoutes): void {
  route(server, routes.watchEvents, async (request, reply) => {
    live.watch(streams.open(request, reply), readIds(request.query.ids));
    return reply;
  });
  server.addHook('preClose', async () => streams.close());
}

const readIds = (ids: string | undefined) => (ids === undefined ? undefined : [...new Set(ids.split(',').map(Number))]);

function writeRoutes(server: Server, { store, sessions, world }: EventsRoutes): void {
  route(server, routes.createEvent, async (request, reply) => {
    const { id: organizerId, role } = await sessions.requireNow(request);
    const draft = { ...readFields(request.body), organizerId } as EventDraft;
    const now = new Date(world.now());
    const event = await store.once({ keyed: readIdempotencyKey(request, organizerId), now }, async (tables) => {
      if (role === 'person') throw new Forbidden('Only an organizer or an admin can create events.');
      const event = await tables.create(newEvent(draft), now);
      const details = { event_id: event.id, event_name: event.name };
      await tables.audit({ action: 'event_created', by: organizerId, details });
      return item(event);
    });
    return reply.code(201).header('location', `/events/get/${event.id}`).send(event);
  });

  route(server, routes.changeEvent, async (request) => {
    const person = await sessions.requireNow(request);
    const fields = readFields(request.body);
    const now = new Date(world.now());
    return store.once({ keyed: readIdempotencyKey(request, person.id), now }, async (tables) => {
      const event = await lockManaged(tables, person, request.params.id, 'change it');
      // The time after the lock: a booking that came before saw the earlier terms.
      const changed = await tables.update(event.id, changeEvent(event, fields, new Date(world.now())));
      const details = { event_id: event.id, fields: Object.keys(request.body).join(' ') };
      await tables.audit({ action: 'event_changed', by: person.id, to: event.organizerId, details });
      return detail(changed);
    });
  });

  route(server, routes.cancelEvent, async (request) => {
    const person = await sessions.requireNow(request);
    const now = new Date(world.now());
    return store.once({ keyed: readIdempotencyKey(request, person.id), now }, async (tables) => {
      const event = await lockManaged(tables, person, request.body.event_id, 'cancel it');
      if (event.canceledAt !== null) return detail(event);
      const canceled = await tables.cancel(event.id, now);
      const details = { event_id: event.id };
      await tables.audit({ action: 'event_canceled', by: person.id, to: event.organizerId, details });
      return detail(canceled ?? event);
    });
  });
}
