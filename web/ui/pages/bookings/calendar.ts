import type { BookingDetail, EventDetail } from '../../api/shapes.ts';

/** How long an event is put down for, in milliseconds: nobody says when it ends. */
const usualMs = 2 * 3_600_000;

/**
 * An event as a calendar file (iCalendar, RFC 5545). A booking keeps its `UID`, so that a file saved again moves the
 * entry instead of doubling it.
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

/** A line has at most 75 bytes; what is longer goes on behind a line break and a blank. */
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
