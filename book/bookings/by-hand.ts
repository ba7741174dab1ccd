import type { FastifyRequest } from 'fastify';
import type { People, Person } from '../../contracts/auth/calls.ts';
import type { BookByHandBody } from '../../contracts/book/schemas.ts';
import { accessTo } from '../../contracts/events/access.ts';
import { tidyName } from '../../contracts/text/names.ts';
import { Forbidden, InvalidInput } from '../../platform/errors.ts';
import { readIdempotencyKey } from '../../platform/http/idempotency-key.ts';
import type { BookingDraft } from '../saga/booking-schema.ts';
import type { EventCache } from './event-cache.ts';

export interface ByHandParts {
  readonly eventCache: EventCache;
  readonly people: Pick<People, 'findByLogin'>;
}

/**
 * Reads the request of an organizer to book by hand.
 * @throws NotFound for an unknown event; Forbidden for another organizer's event; InvalidInput for an unknown login, and
 * when the body names both a person and a guest, or neither.
 */
export async function draftByHand(
  { eventCache, people }: ByHandParts,
  organizer: Person,
  request: FastifyRequest<{ Body: BookByHandBody }>,
): Promise<BookingDraft> {
  const { event_id: eventId, login, guest_name: guestName, paid } = request.body;
  const event = await eventCache.requireNow(eventId);
  if (accessTo(organizer, event) !== 'manage')
    throw new Forbidden('Only the organizer of the event or an admin can book by hand.');
  if ((login === undefined) === (guestName === undefined))
    throw new InvalidInput('Send either login or guest_name, not both.', 'guest_name');
  const keyed = readIdempotencyKey(request, organizer.id);
  const personId = login === undefined ? organizer.id : await personWith(people, login);
  const byHand = {
    by: organizer.id,
    price: paid?.amount ?? 0,
    ...(guestName !== undefined && { guestName }),
    ...(paid && { deskReference: tidyName(paid.reference) }),
  };
  return { personId, eventId, byHand, ...(keyed && { keyed }) };
}

async function personWith(people: ByHandParts['people'], login: string): Promise<number> {
  const [person] = await people.findByLogin([login]);
  if (person) return person.id;
  throw new InvalidInput(`There is no person with the login ${login}.`, 'login', { reason: 'unknown_login' });
}
