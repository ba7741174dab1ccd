import type { Person } from '../contracts/auth/calls.ts';
import { accessTo, type Helper } from '../contracts/events/access.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import type { Event, EventTables } from './store.ts';

/** An event with its helpers, as the rule of access needs it. */
export interface TeamedEvent extends Event {
  readonly helpers: readonly Helper[];
}

/** Reads an event with its helpers. @throws NotFound for an unknown event. */
export async function requireEvent(tables: Pick<EventTables, 'get' | 'helpersOf'>, id: number): Promise<TeamedEvent> {
  const event = await tables.get(id);
  if (event === undefined) throw new NotFound(`There is no event ${id}.`);
  return { ...event, helpers: (await tables.helpersOf([id])).get(id) ?? [] };
}

/**
 * Reads an event that the person manages.
 * @param action what the person wants to do, for the message: `change it`.
 * @throws NotFound for an unknown event; Forbidden for another organizer's: events are public, so 403 reveals nothing.
 */
export async function requireManaged(
  tables: Pick<EventTables, 'get' | 'helpersOf'>,
  person: Person,
  id: number,
  action: string,
): Promise<TeamedEvent> {
  const event = await requireEvent(tables, id);
  if (accessTo(person, event) === 'manage') return event;
  throw new Forbidden(`Only the organizer of the event or an admin can ${action}.`);
}
