import { bookings, events } from '../../api/api.ts';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { Place } from '../../controls/place.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useFollow } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
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

/** A person's bookings with their events, newest first. */
async function readBookings(): Promise<[BookingDetail, EventDetail | undefined][]> {
  const [mine, all] = await Promise.all([bookings.list(), events.list()]);
  const byId = new Map(all.map((event) => [event.id, event]));
  return mine.toReversed().map((booking) => [booking, byId.get(booking.event_id)]);
}

function BookingsList() {
  const { bookings: text } = words.value;
  const list = useLoad(readBookings, []);
  useFollow<BookingDetail>('/book/live', 'booking', {
    onData: (moved) =>
      list.put((mine) => mine.map(([booking, event]) => [booking.id === moved.id ? moved : booking, event])),
    onOpen: list.reload,
  });
  return (
    <Loading of={list}>
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
            {mine.map(([booking, event]) => (
              <BookingRow key={booking.id} booking={booking} event={event} />
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
