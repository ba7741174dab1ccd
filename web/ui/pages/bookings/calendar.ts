import type { BookingDetail, EventDetail } from '../../api/shapes.ts';

/** The length of the calendar entry: events have no end time. */
const usualMs = 2 * 3_600_000;

/**
 * An event as a calendar file (iCalendar, RFC 5545). The `UID` of a booking is stable: importing a newer file moves the
 * entry and adds no second one.
 */
export function calendarFile(event: EventDetail, booking: Pick<BookingDetail, 'id'>, origin: string): string {
  const startsMs = Date.parse(event.starts_at ?? '');
  const url = `${origin}/booking/${booking.id}`;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Startlist//EN',
    'BEGIN:VEVENT',
    `UID:booking-${booking.id}@${new URL(origin).host}`,
    `DTSTAMP:${stamp(Date.parse(event.created_at))}`,
    `DTSTART:${stamp(startsMs)}`,
    `DTEND:${stamp(startsMs + usualMs)}`,
    `SUMMARY:${escaped(event.event_name)}`,
    ...(event.venue === undefined ? [] : [`LOCATION:${escaped(event.venue)}`]),
    ...(event.description === undefined ? [] : [`DESCRIPTION:${escaped(event.description)}`]),
    `URL:${url}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
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
