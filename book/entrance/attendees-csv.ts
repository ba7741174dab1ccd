import { Readable } from 'node:stream';
import { decimalOf } from '../../contracts/account/amounts.ts';
import type { Currency } from '../../contracts/account/schemas.ts';
import type { CsvSeparator } from '../../contracts/book/attendees.ts';
import { isTimeZone, wallTimeAt } from '../../contracts/events/wall-time.ts';
import { type AttendeesParts, allAttendees, type Named } from './attendees.ts';
import { csvLine } from './csv.ts';

const columns = [
  ...['booking_id', 'login', 'first_name', 'last_name', 'guest_name', 'price', 'currency', 'desk_reference'],
  ...['complete_at', 'checked_in_at', 'time_zone'],
];

export interface CsvFormat {
  readonly separator: CsvSeparator;
  readonly currency: Currency;
  /** The zone of the event, in which times are written. UTC if it has none. */
  readonly timeZone: string | null | undefined;
}

/** The attendees of an event as a file for spreadsheets, in batches. */
export function attendeesCsv(parts: AttendeesParts, eventId: number, format: CsvFormat): Readable {
  return Readable.from(lines(parts, eventId, format));
}

async function* lines(parts: AttendeesParts, eventId: number, format: CsvFormat): AsyncGenerator<string> {
  const cells = cellsIn(format);
  // Without the byte order mark, spreadsheets read the file in the local code page instead of UTF-8.
  yield `\uFEFF${csvLine(columns, format.separator)}`;
  for await (const batch of allAttendees(parts, eventId)) {
    yield batch.map((each) => csvLine(cells(each), format.separator)).join('');
  }
}

/** Writes an attendee in the order of the columns. */
function cellsIn({ separator, currency: { currency, digits }, timeZone }: CsvFormat) {
  const zone = typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : 'UTC';
  // Spreadsheets read this as a date and time, and RFC 3339 as text.
  const time = (at: Date | null) => (at === null ? '' : wallTimeAt(at.getTime(), zone).replace('T', ' '));
  // A spreadsheet that expects semicolons has the comma as its decimal sign.
  const amount = (price: number) => decimalOf(price, digits).replace('.', separator === ';' ? ',' : '.');
  return ({ id, name, guestName, price, deskReference, completeAt, checkedInAt }: Named) => [
    ...[id, name.login, name.firstName, name.lastName, guestName ?? '', amount(price), currency, deskReference ?? ''],
    ...[time(completeAt), time(checkedInAt), zone],
  ];
}
