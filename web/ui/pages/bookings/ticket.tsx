import { encode } from 'uqr';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { me } from '../../state/session.ts';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { CalendarButton } from './calendar-button.tsx';

interface TicketProps {
  readonly booking: BookingDetail;
  readonly event: EventDetail;
}

/** A ticket to show at check-in, with its code as text and as a QR code. */
export function Ticket({ booking, event }: TicketProps) {
  const { ticket: text } = words.value;
  const { ticket_code: code } = booking;
  const own = me.value?.id === booking.user_id ? [me.value.first_name, me.value.last_name].join(' ').trim() : '';
  const name = booking.guest_name ?? own;
  return (
    <div class="stack">
      <section class="ticket" aria-label={text.title}>
        <p class="ticket-strip">{event.event_name}</p>
        <div class="ticket-body">
          <p class="ticket-number">{booking.id}</p>
          <div>
            {name && (
              <p>
                <bdi>{name}</bdi>
              </p>
            )}
            {event.starts_at && <p>{dateTime(event.starts_at, event)}</p>}
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
      <div class="row">
        <CalendarButton booking={booking} event={event} />
        <Button onClick={() => window.print()}>{text.print}</Button>
      </div>
    </div>
  );
}

/** A QR code, black on white in every theme: scanners expect it. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
