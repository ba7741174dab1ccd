import type { BookingDetail, EventDetail } from '../../api/shapes.ts';

/** The length of the calendar entry: events have no end time. */
const usualMs = 2 * 3_600_000;

/** The parts of a booking that its calendar entry shows. */
type Booked = Pick<BookingDetail, 'id' | 'state' | 'history'>;

/**
 * An event as a calendar file (iCalendar, RFC 5545). The `UID` of a booking is stable: importing a newer file changes
 * the entry and adds no second one. Clients take a file as newer by its `SEQUENCE` and `DTSTAMP`.
 */
export function calendarFile(event: EventDetail, booking: Booked, origin: string): string {
  const startsMs = Date.parse(event.starts_at ?? '');
  const isCanceled = event.cancellation !== undefined || booking.state === 'canceled';
  const changed = stamp(lastChangeMs(event, booking));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Startlist//EN',
    'BEGIN:VEVENT',
    `UID:booking-${booking.id}@${new URL(origin).host}`,
    `DTSTAMP:${changed}`,
    `LAST-MODIFIED:${changed}`,
    // The cancellation of a booking is no revision of its event.
    `SEQUENCE:${(event.revision ?? 0) + (isCanceled ? 1 : 0)}`,
    `STATUS:${isCanceled ? 'CANCELLED' : 'CONFIRMED'}`,
    `DTSTART:${stamp(startsMs)}`,
    `DTEND:${stamp(startsMs + usualMs)}`,
    `SUMMARY:${escaped(event.event_name)}`,
    ...(event.venue === undefined ? [] : [`LOCATION:${escaped(event.venue)}`]),
    ...(event.description === undefined ? [] : [`DESCRIPTION:${escaped(event.description)}`]),
    `URL:${origin}/booking/${booking.id}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function lastChangeMs(event: EventDetail, booking: Booked): number {
  const canceled = booking.history.findLast(({ state }) => state === 'canceled');
  const changes = [event.created_at, event.changed_at, event.cancellation?.canceled_at, canceled?.at];
  return Math.max(...changes.flatMap((at) => (at === undefined ? [] : [Date.parse(at)])));
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');
}

/** Folds a line to at most 75 bytes, as RFC 5545 requires. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let bytes = 0;
  for (const letter of line) {
    const size = encoder.encode(letter).length;
    if (bytes + size > 75) {
      folded += '\r\n ';
      bytes = 1;
    }
    folded += letter;
    bytes += size;
  }
  return folded;
}
