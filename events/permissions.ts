import type { Person } from '../contracts/auth/calls.ts';
import { accessTo, type Helper } from '../contracts/events/access.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import type { Event, EventTables } from './store.ts';

/** An event with its helpers, as the rule of access needs it. */
export interface TeamedEvent extends Event {
  readonly helpers: readonly Helper[];
}

type Reads = Pick<EventTables, 'get' | 'helpersOf'>;

/** Reads an event with its helpers. @throws NotFound for an unknown event. */
export async function requireEvent(tables: Reads, id: number): Promise<TeamedEvent> {
  return withHelpers(tables, id, await tables.get(id));
}

/**
 * Reads an event that the person manages.
 * @param action what the person wants to do, for the message: `change it`.
 * @throws NotFound for an unknown event; Forbidden for another organizer's: events are public, so 403 reveals nothing.
 */
export async function requireManaged(tables: Reads, person: Person, id: number, action: string): Promise<TeamedEvent> {
  return managedBy(person, await requireEvent(tables, id), action);
}

/**
 * The same for a write: the event is locked before its organizer and its helpers are read, so that no write follows a
 * hand-over that it did not see.
 */
export async function lockManaged(
  tables: Pick<EventTables, 'lock' | 'helpersOf'>,
  person: Person,
  id: number,
  action: string,
): Promise<TeamedEvent> {
  return managedBy(person, await withHelpers(tables, id, await tables.lock(id)), action);
}

async function withHelpers(
  tables: Pick<EventTables, 'helpersOf'>,
  id: number,
  event: Event | undefined,
): Promise<TeamedEvent> {
  if (event === undefined) throw new NotFound(`There is no event ${id}.`);
  return { ...event, helpers: (await tables.helpersOf([id])).get(id) ?? [] };
}

function managedBy(person: Person, event: TeamedEvent, action: string): TeamedEvent {
  if (accessTo(person, event) === 'manage') return event;
  throw new Forbidden(`Only the organizer of the event or an admin can ${action}.`);
}
