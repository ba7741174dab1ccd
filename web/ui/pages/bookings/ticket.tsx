import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { me } from '../../state/session.ts';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { calendarFile } from './calendar.ts';
import { QrCode } from './qr-code.tsx';
import { save } from './save.ts';

interface TicketProps {
  readonly booking: BookingDetail;
  readonly event: EventDetail;
}

/** What one shows at the door: a number, and a code that nobody can guess. */
export function Ticket({ booking, event }: TicketProps) {
  const { ticket: text } = words.value;
  const { ticket_code: code } = booking;
  const name = me.value?.id === booking.user_id ? [me.value.first_name, me.value.last_name].join(' ').trim() : '';
  return (
    <div class="stack">
      <section class="ticket" aria-label={text.title}>
        <p class="ticket-strip">{event.event_name}</p>
        <div class="ticket-body">
          <p class="ticket-number">{booking.id}</p>
          <div>
            {name && <p>{name}</p>}
            {event.starts_at && <p>{dateTime(event.starts_at)}</p>}
            {event.venue && <p>{event.venue}</p>}
          </div>
          {code && (
            <p>
              <span class="soft small">{text.code}</span>
              <br />
              <span class="ticket-code">{code}</span>
            </p>
          )}
        </div>
        {code && <QrCode text={code} label={text.qr} />}
      </section>
      <div class="row no-print">
        {event.starts_at && (
          <Button
            onClick={() =>
              save(`startlist-${booking.id}.ics`, 'text/calendar', calendarFile(event, booking, location.origin))
            }
          >
            {text.calendar}
          </Button>
        )}
        <Button onClick={() => window.print()}>{text.print}</Button>
      </div>
    </div>
  );
}
