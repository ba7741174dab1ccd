import { bookings, events } from '../../api/api.ts';
import type { Page } from '../../api/client.ts';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { Place } from '../../controls/place.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useFollow } from '../../state/live.ts';
import { newestFirst, useList } from '../../state/load.ts';
import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { StateBadge } from './state-badge.tsx';

export function BookingsPage() {
  return (
    <>
      <Title text={words.value.bookings.title} />
      <SignedIn>{() => <BookingsList />}</SignedIn>
    </>
  );
}

interface Row extends BookingRowProps {
  readonly id: number;
}

/** A page of a person's bookings with their events. While events does not respond, the rows show the events' ids. */
async function readBookings(after: number): Promise<Page<Row>> {
  const { items, next } = await bookings.page(after);
  const ids = items.map(({ event_id }) => event_id);
  const byId = await events.named(ids).catch(() => new Map<number, EventDetail>());
  return { items: items.map((booking) => ({ id: booking.id, booking, event: byId.get(booking.event_id) })), next };
}

function BookingsList() {
  const { bookings: text } = words.value;
  const list = useList(readBookings, []);
  useFollow<BookingDetail>('/book/live', 'booking', {
    onData: (moved) => list.put((mine) => mine.map((row) => (row.id === moved.id ? { ...row, booking: moved } : row))),
    onOpen: list.reload,
  });
  return (
    <Loading of={list} isList>
      {(mine) =>
        mine.length === 0 ? (
          <Empty head={text.none}>
            <p>{text.noneHint}</p>
            <a class="button main" href="/">
              {text.toEvents}
            </a>
          </Empty>
        ) : (
          <ul class="starts">
            {newestFirst(mine).map(({ id, booking, event }) => (
              <BookingRow key={id} booking={booking} event={event} />
            ))}
          </ul>
        )
      }
    </Loading>
  );
}

interface BookingRowProps {
  readonly booking: BookingDetail;
  readonly event: EventDetail | undefined;
}

function BookingRow({ booking, event }: BookingRowProps) {
  const { bookings: text } = words.value;
  return (
    <li class="start booking-row">
      <span class="soft number">#{booking.id}</span>
      <div>
        <p class="name">
          <a href={`/booking/${booking.id}`}>{event?.event_name ?? text.eventOf(booking.event_id)}</a>
        </p>
        <Place event={event} />
        <StateBadge booking={booking} />
      </div>
      <p class="price">{booking.price !== undefined && booking.state === 'complete' && sum(booking.price)}</p>
    </li>
  );
}
