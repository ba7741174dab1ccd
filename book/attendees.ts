import { Readable } from 'node:stream';
import type { AttendeeItem } from '../contracts/attendees.ts';
import type { PersonName } from '../contracts/auth.ts';
import type { Page } from '../kit/page.ts';
import type { Attendee, AttendeesStore } from './attendees-store.ts';
import { csvLine } from './csv.ts';
import { readTicket } from './ticket.ts';

/** Answers a set of people with their names, in the same order: `null` for one who is gone. */
export type Names = (personIds: readonly number[]) => Promise<readonly (PersonName | null)[]>;

/** One who comes, with the name that auth has. */
export interface Named extends Attendee {
  readonly name: PersonName;
}

/** How many are read and named at once. */
const setSize = 1_000;

/** A page of those who come, of all or of those that fit what is looked for. */
export async function listAttendees(
  { store, names }: { readonly store: AttendeesStore; readonly names: Names },
  eventId: number,
  { page, search }: { readonly page: Page; readonly search: string | undefined },
): Promise<Named[]> {
  const isWanted = search === undefined ? () => true : fits(search);
  const found: Named[] = [];
  for await (const set of allAttendees({ store, names }, eventId, page.after)) {
    found.push(...set.filter(isWanted));
    if (found.length >= page.limit) break;
  }
  return found.slice(0, page.limit);
}

/** All who come, by sets, each named with one question: so that no more than a set is in memory. */
async function* allAttendees(
  { store, names }: { readonly store: AttendeesStore; readonly names: Names },
  eventId: number,
  after = 0,
): AsyncGenerator<Named[]> {
  for (let last = after; ; ) {
    const set = await store.page(eventId, { after: last, limit: setSize });
    const known = await namesOf(names, set);
    const nobody = { login: '', firstName: '', lastName: '' };
    if (set.length > 0) {
      yield set.map((each) => ({ ...each, name: known.get(each.personId) ?? { id: each.personId, ...nobody } }));
    }
    if (set.length < setSize) return;
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
export function attendeesCsv(
  parts: { readonly store: AttendeesStore; readonly names: Names },
  eventId: number,
): Readable {
  return Readable.from(lines(parts, eventId));
}

async function* lines(
  parts: { readonly store: AttendeesStore; readonly names: Names },
  eventId: number,
): AsyncGenerator<string> {
  // Without the mark spreadsheets take the file for one in the code page of their country.
  yield `\uFEFF${csvLine(columns)}`;
  for await (const set of allAttendees(parts, eventId)) {
    yield set.map((each) => csvLine(columns.map((column) => attendeeItem(each)[column] ?? ''))).join('');
  }
}
