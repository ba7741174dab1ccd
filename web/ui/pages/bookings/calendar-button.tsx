import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { words } from '../../words/words.ts';
import { calendarFile } from './calendar.ts';

interface CalendarButtonProps {
  readonly booking: BookingDetail;
  readonly event: EventDetail;
}

/** Downloads the calendar entry of a booking. Of a canceled one, the file cancels an entry that was added before. */
export function CalendarButton({ booking, event }: CalendarButtonProps) {
  const { ticket: text } = words.value;
  if (event.starts_at === undefined) return null;
  const save = () =>
    download(`startlist-${booking.id}.ics`, 'text/calendar', calendarFile(event, booking, location.origin));
  return <Button onClick={save}>{booking.state === 'complete' ? text.calendar : text.calendarCancel}</Button>;
}

/** Downloads a text as a file. */
function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
