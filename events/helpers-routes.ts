import type { People, Person, PersonFound } from '../contracts/auth/calls.ts';
import { type Access, accessTo } from '../contracts/events/access.ts';
import type { EventTeam } from '../contracts/events/helpers.ts';
import * as routes from '../contracts/events/helpers-routes.ts';
import { Conflict, Forbidden, InvalidInput } from '../platform/errors.ts';
import { readIdempotencyKey } from '../platform/http/idempotency-key.ts';
import { linkNextPage } from '../platform/http/pagination.ts';
import { route } from '../platform/http/route.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import type { World } from '../platform/world.ts';
import { lockManaged, requireEvent, requireManaged, type TeamedEvent } from './permissions.ts';
import { detail } from './presenters.ts';
import type { EventsStore } from './store.ts';

export interface HelpersRoutes {
  readonly store: EventsStore;
  readonly people: People;
  readonly sessions: Sessions<Person>;
  readonly world: World;
}

/** Routes for the people who run an event together: its organizer and the helpers. */
export function helpersRoutes(server: Server, parts: HelpersRoutes): void {
  readRoutes(server, parts);
  writeRoutes(server, parts);
}

function readRoutes(server: Server, { store, people, sessions }: HelpersRoutes): void {
  route(server, routes.listOwnEvents, async (request, reply) => {
    const person = await sessions.require(request);
    const events = await store.ownEvents(person.id, request.query);
    linkNextPage(request, reply, request.query, events);
    const helpers = await store.helpersOf(events.map(({ id }) => id));
    return events.flatMap((event) => {
      const access = accessTo(person, { ...event, helpers: helpers.get(event.id) ?? [] });
      return access === undefined ? [] : [{ ...detail(event), access }];
    });
  });

  route(server, routes.showAccess, async (request) => {
    const person = await sessions.require(request);
    const access = accessTo(person, await requireEvent(store, request.params.id));
    return access === undefined ? {} : { access };
  });

  route(server, routes.listHelpers, async (request) => {
    const person = await sessions.require(request);
    return presentTeam(people, await requireManaged(store, person, request.params.id, 'see its helpers'));
  });
}

function writeRoutes(server: Server, { store, people, sessions, world }: HelpersRoutes): void {
  route(server, routes.setHelper, async (request) => {
    const person = await sessions.requireNow(request);
    const { login, access } = request.body;
    const action = 'choose its helpers';
    await requireManaged(store, person, request.params.id, action);
    const helper = await findPerson(people, login);
    const now = new Date(world.now());
    const team = await store.once({ keyed: readIdempotencyKey(request, person.id), now }, async (tables) => {
      const event = await lockManaged(tables, person, request.params.id, action);
      requireFit(helper, access);
      if (helper.id === event.organizerId)
        throw new Conflict('This person organizes the event.', 'login', { reason: 'is_organizer' });
      const others = event.helpers.filter(({ personId }) => personId !== helper.id);
      if (others.length >= maxHelpers) throw tooManyHelpers();
      await tables.setHelper(event.id, helper.id, access, now);
      const details = { event_id: event.id, access };
      await tables.audit({ action: 'helper_set', by: person.id, to: helper.id, details });
      return requireEvent(tables, event.id);
    });
    return presentTeam(people, team);
  });

  route(server, routes.removeHelper, async (request) => {
    const person = await sessions.requireNow(request);
    const { id, user_id: helperId } = request.params;
    const asked = { keyed: readIdempotencyKey(request, person.id), now: new Date(world.now()) };
    const team = await store.once(asked, async (tables) => {
      await lockManaged(tables, person, id, 'choose its helpers');
      if (await tables.removeHelper(id, helperId))
        await tables.audit({ action: 'helper_removed', by: person.id, to: helperId, details: { event_id: id } });
      return requireEvent(tables, id);
    });
    return presentTeam(people, team);
  });

  route(server, routes.handOverEvent, async (request) => {
    const person = await sessions.requireNow(request);
    const { event_id: id, login } = request.body;
    requireOwner(person, await requireManaged(store, person, id, 'hand it over'));
    const next = await findPerson(people, login);
    const asked = { keyed: readIdempotencyKey(request, person.id), now: new Date(world.now()) };
    const team = await store.once(asked, async (tables) => {
      const event = await lockManaged(tables, person, id, 'hand it over');
      requireOwner(person, event);
      requireFit(next, 'manage');
      if (next.id === event.organizerId) return event;
      await tables.handOver(id, next.id);
      await tables.removeHelper(id, next.id);
      const details = { event_id: id, was: event.organizerId };
      await tables.audit({ action: 'event_handed_over', by: person.id, to: next.id, details });
      return requireEvent(tables, id);
    });
    return presentTeam(people, team);
  });
}

/** @throws Forbidden for a helper: one who manages the event cannot take it from its organizer. */
function requireOwner(person: Person, { organizerId }: TeamedEvent): void {
  if (person.role === 'admin' || organizerId === person.id) return;
  throw new Forbidden('Only the organizer of the event or an admin can hand it over.');
}

/** The maximum number of helpers of an event: the services read all of them with the event. */
const maxHelpers = 200;

function tooManyHelpers(): Conflict {
  const why = { reason: 'too_many_helpers', values: { limit: maxHelpers } };
  return new Conflict(`An event has at most ${maxHelpers} helpers.`, 'login', why);
}

/** @throws InvalidInput for a login that no person has. */
async function findPerson(people: People, login: string): Promise<PersonFound> {
  const [found] = await people.findByLogin([login]);
  if (found) return found;
  throw new InvalidInput(`There is no person with the login ${login}.`, 'login', { reason: 'unknown_login' });
}

/** @throws Conflict when a person without the role of an organizer would manage an event. */
function requireFit({ role }: PersonFound, access: Access): void {
  if (access !== 'manage' || role !== 'person') return;
  const why = { reason: 'not_an_organizer' };
  throw new Conflict('This person is not an organizer. An admin can give the role.', 'login', why);
}

async function presentTeam(people: People, { organizerId, helpers }: TeamedEvent): Promise<EventTeam> {
  const ids = [organizerId, ...helpers.map(({ personId }) => personId)];
  const names = await people.names(ids);
  const member = (index: number) => ({
    user_id: ids[index] as number,
    login: names[index]?.login ?? '',
    first_name: names[index]?.firstName ?? '',
    last_name: names[index]?.lastName ?? '',
  });
  return { organizer: member(0), helpers: helpers.map(({ access }, index) => ({ ...member(index + 1), access })) };
}
