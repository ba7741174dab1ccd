import { Readable } from 'node:stream';
import type { PersonName } from '../../contracts/auth/calls.ts';
import type { AttendeeItem } from '../../contracts/book/attendees.ts';
import type { Page } from '../../platform/http/pagination.ts';
import { readTicket } from '../bookings/ticket.ts';
import type { Attendee, AttendeesStore } from './attendees-store.ts';
import { csvLine } from './csv.ts';

/** Answers a set of people with their names, in the same order: `null` for one who is gone. */
export type Names = (personIds: readonly number[]) => Promise<readonly (PersonName | null)[]>;

/** One who comes, with the name that auth has. */
export interface Named extends Attendee {
  readonly name: PersonName;
}

/** How many are read and named at once. */
const setSize = 1_000;
/** How many sets a search looks through before it answers: names are auth's, and nobody should wait for all of them. */
const setsAtMost = 10;

/** Where those who come stand, and what they are called. */
export interface AttendeesParts {
  readonly store: Pick<AttendeesStore, 'page'>;
  readonly names: Names;
}

/** What is asked for: a page of all who come, or of those who fit what is looked for. */
export interface Asked {
  readonly page: Page;
  readonly search: string | undefined;
  /** Whether nobody waits for the answer any more. */
  isGone?(): boolean;
}

/** Those who were found, and after which booking it goes on; nothing where it does not. */
export interface FoundPage {
  readonly found: Named[];
  readonly next?: number;
}

/** A page of those who come. One of a search may be short, or empty, and not the last. */
export async function listAttendees(
  parts: AttendeesParts,
  eventId: number,
  { page, search, isGone = () => false }: Asked,
): Promise<FoundPage> {
  const isWanted = search === undefined ? () => true : fits(search);
  const size = search === undefined ? page.limit : setSize;
  const found: Named[] = [];
  let sets = 0;
  for await (const set of allAttendees(parts, eventId, { size, after: page.after })) {
    found.push(...set.filter(isWanted));
    sets += 1;
    const shown = found[page.limit - 1];
    if (shown !== undefined) return { found: found.slice(0, page.limit), next: shown.id };
    if (set.length < size) break;
    const seen = set.at(-1);
    if (sets === setsAtMost || isGone()) return { found, ...(seen && { next: seen.id }) };
  }
  return { found };
}

/** All who come, by sets, each named with one question: so that no more than a set is in memory. */
async function* allAttendees(
  { store, names }: AttendeesParts,
  eventId: number,
  { size = setSize, after = 0 } = {},
): AsyncGenerator<Named[]> {
  for (let last = after; ; ) {
    const set = await store.page(eventId, { after: last, limit: size });
    const known = await namesOf(names, set);
    const nobody = { login: '', firstName: '', lastName: '' };
    if (set.length > 0) {
      yield set.map((each) => ({ ...each, name: known.get(each.personId) ?? { id: each.personId, ...nobody } }));
    }
    if (set.length < size) return;
    last = set.at(-1)?.id ?? last;
  }
}

async function namesOf(names: Names, set: readonly Attendee[]): Promise<Map<number, PersonName>> {
  const ids = [...new Set(set.map(({ personId }) => personId))];
  const found = ids.length === 0 ? [] : await names(ids);
  return new Map(found.flatMap((name) => (name === null ? [] : [[name.id, name] as const])));
}

/** Whether someone is who is looked for: by a part of the name or the login, by the ticket, or by the booking's id. */
function fits(search: string): (attendee: Named) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const code = readTicket(search);
  return ({ id, ticketCode, name: { login, firstName, lastName } }) => {
    if (String(id) === search.trim() || (code !== undefined && code === ticketCode)) return true;
    const text = `${firstName} ${lastName} ${login}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

export const attendeeItem = ({ id, personId, price, completeAt, checkedInAt, name }: Named): AttendeeItem => ({
  booking_id: id,
  user_id: personId,
  login: name.login,
  first_name: name.firstName,
  last_name: name.lastName,
  price,
  complete_at: completeAt.toISOString(),
  ...(checkedInAt !== null && { checked_in_at: checkedInAt.toISOString() }),
});

const columns = ['booking_id', 'login', 'first_name', 'last_name', 'price', 'complete_at', 'checked_in_at'] as const;

/** All who come to an event, as a file for spreadsheets. */
export function attendeesCsv(parts: AttendeesParts, eventId: number): Readable {
  return Readable.from(lines(parts, eventId));
}

async function* lines(parts: AttendeesParts, eventId: number): AsyncGenerator<string> {
  // Without the mark spreadsheets take the file for one in the code page of their country.
  yield `\uFEFF${csvLine(columns)}`;
  for await (const set of allAttendees(parts, eventId)) {
    yield set.map((each) => csvLine(columns.map((column) => attendeeItem(each)[column] ?? ''))).join('');
  }
}
