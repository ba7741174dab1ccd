import type { PersonName } from '../../contracts/auth/calls.ts';
import type { AttendeeItem } from '../../contracts/book/attendees.ts';
import { searchFilter } from '../../contracts/text/search.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { ticketReadings } from '../bookings/ticket.ts';
import type { Attendee, AttendeesStore } from './attendees-store.ts';

/** Returns the names of people in the same order; null for an unknown person. */
export type Names = (personIds: readonly number[]) => Promise<readonly (PersonName | null)[]>;

export interface Named extends Attendee {
  readonly name: PersonName;
}

const batchSize = 1_000;
/**
 * The maximum number of batches in one search: names come from auth, so searching all attendees would take too long.
 */
const maxBatches = 10;

export interface AttendeesParts {
  readonly store: Pick<AttendeesStore, 'page'>;
  readonly names: Names;
}

export interface AttendeesQuery {
  readonly page: Page;
  readonly search: string | undefined;
  /** True when the client has disconnected. */
  isGone?(): boolean;
}

export interface FoundPage {
  readonly found: Named[];
  /** The booking id after which the next page starts; absent at the end. */
  readonly next?: number;
}

/** Reads a page of attendees. With a search, a page may be short or empty without being the last one. */
export async function listAttendees(
  parts: AttendeesParts,
  eventId: number,
  { page, search, isGone = () => false }: AttendeesQuery,
): Promise<FoundPage> {
  const isWanted = search === undefined ? () => true : fits(search);
  const size = search === undefined ? page.limit : batchSize;
  const found: Named[] = [];
  let batches = 0;
  for await (const batch of allAttendees(parts, eventId, { size, after: page.after })) {
    found.push(...batch.filter(isWanted));
    batches += 1;
    const shown = found[page.limit - 1];
    if (shown !== undefined) return { found: found.slice(0, page.limit), next: shown.id };
    if (batch.length < size) break;
    const seen = batch.at(-1);
    if (batches === maxBatches || isGone()) return { found, ...(seen && { next: seen.id }) };
  }
  return { found };
}

/** Yields all attendees in batches, with one call to auth for each batch. Only one batch is in memory. */
export async function* allAttendees(
  { store, names }: AttendeesParts,
  eventId: number,
  { size = batchSize, after = 0 } = {},
): AsyncGenerator<Named[]> {
  for (let last = after; ; ) {
    const batch = await store.page(eventId, { after: last, limit: size });
    const known = await namesOf(names, batch);
    const unknown = { login: '', firstName: '', lastName: '' };
    if (batch.length > 0) {
      yield batch.map((each) => ({ ...each, name: known.get(each.personId) ?? { id: each.personId, ...unknown } }));
    }
    if (batch.length < size) return;
    last = batch.at(-1)?.id ?? last;
  }
}

async function namesOf(names: Names, batch: readonly Attendee[]): Promise<Map<number, PersonName>> {
  const ids = [...new Set(batch.map(({ personId }) => personId))];
  const found = ids.length === 0 ? [] : await names(ids);
  return new Map(found.flatMap((name) => (name === null ? [] : [[name.id, name] as const])));
}

/** Creates a filter that matches the words of the name and login, the ticket code, or the booking id. */
function fits(search: string): (attendee: Named) => boolean {
  const isFound = searchFilter(search);
  const codes = ticketReadings(search);
  return ({ id, ticketCode, guestName, name: { login, firstName, lastName } }) =>
    String(id) === search.trim() ||
    (ticketCode !== null && codes.includes(ticketCode)) ||
    isFound(`${guestName ?? ''} ${firstName} ${lastName} ${login}`);
}

/** An attendee as a helper at the entrance sees them: without what they paid. */
export function guestItem(attendee: Named): AttendeeItem {
  const { price: _, desk_reference: __, ...item } = attendeeItem(attendee);
  return item;
}

export const attendeeItem = ({ id, personId, price, completeAt, checkedInAt, name, ...of }: Named): AttendeeItem => ({
  booking_id: id,
  user_id: personId,
  login: name.login,
  first_name: name.firstName,
  last_name: name.lastName,
  price,
  complete_at: completeAt.toISOString(),
  ...(checkedInAt !== null && { checked_in_at: checkedInAt.toISOString() }),
  ...(of.guestName !== null && { guest_name: of.guestName }),
  ...(of.deskReference !== null && { desk_reference: of.deskReference }),
});
