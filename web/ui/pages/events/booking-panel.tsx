import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { bookings } from '../../api/api.ts';
import { newKey, Unreachable } from '../../api/client.ts';
import type { EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { FillBar } from '../../controls/fill-bar.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { signInTo } from '../../controls/signed-in.tsx';
import { SagaFigure } from '../../saga/saga-figure.tsx';
import { useAction } from '../../state/action.ts';
import { useBooking } from '../../state/booking.ts';
import { useNow } from '../../state/clock.ts';
import { saleOf } from '../../state/sale.ts';
import { balance, me } from '../../state/session.ts';
import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { Bib } from './bib.tsx';
import { Outcome } from './outcome.tsx';
import { SaleBadge } from './sale-badge.tsx';

interface BookingPanelProps {
  readonly event: EventDetail;
  /** The facts about the event. */
  readonly children: ComponentChildren;
}

/** Places left, the book button, and the progress of the booking. */
export function BookingPanel({ event, children }: BookingPanelProps) {
  const [bookingId, setBookingId] = useState<number | undefined>(undefined);
  // After a lost connection the retry reuses the idempotency key, so it cannot book twice.
  const key = useRef(newKey());
  const book = useAction(async () => {
    try {
      const { id } = await bookings.make(event.id, key.current);
      key.current = newKey();
      setBookingId(id);
    } catch (error) {
      if (!(error instanceof Unreachable)) key.current = newKey();
      throw error;
    }
  });
  return (
    <div class="booking">
      <div class="booking-facts">{children}</div>
      <aside class="booking-side stack" aria-label={words.value.event.booking}>
        <PlacesLeft event={event} />
        <BookButton event={event} isBusy={book.isBusy} onBook={() => book.run()} />
        <Failure of={book.error} again={() => book.run()} />
      </aside>
      {bookingId !== undefined && (
        <div class="booking-saga">
          <BookingProgress key={bookingId} id={bookingId} event={event} again={() => book.run()} />
        </div>
      )}
    </div>
  );
}

function PlacesLeft({ event }: { readonly event: EventDetail }) {
  const { events: text } = words.value;
  const sale = saleOf(event, useNow());
  return (
    <>
      <Bib
        big
        strip={text.strips[sale]}
        number={event.free_slots}
        note={text.leftOf(event.free_slots, event.total_slots)}
        isOut={sale !== 'open' && sale !== 'not_open'}
      />
      <FillBar taken={event.total_slots - event.free_slots} total={event.total_slots} />
      <SaleBadge event={event} sale={sale} />
    </>
  );
}

interface BookButtonProps {
  readonly event: EventDetail;
  readonly isBusy: boolean;
  readonly onBook: () => unknown;
}

function BookButton({ event, isBusy, onBook }: BookButtonProps) {
  const { event: text } = words.value;
  const { url } = useLocation();
  const sale = saleOf(event, useNow());
  if (sale === 'canceled' || sale === 'over') return null;
  if (!me.value) {
    return (
      <a class="button main large wide" href={signInTo(url)}>
        {text.signInToBook}
      </a>
    );
  }
  return (
    <>
      {/* Enabled also when sold out: a place may have become free, and the server decides. */}
      <Button kind="main" large wide isBusy={isBusy} disabled={sale === 'not_open'} onClick={onBook}>
        {event.price === 0 ? text.bookFree : text.book(sum(event.price))}
      </Button>
      {balance.value !== undefined && <p class="soft small">{text.balance(sum(balance.value))}</p>}
    </>
  );
}

interface BookingProgressProps {
  readonly id: number;
  readonly event: EventDetail;
  readonly again: () => unknown;
}

function BookingProgress({ id, event, again }: BookingProgressProps) {
  const booking = useBooking(id);
  return (
    <Loading of={booking}>
      {(value) => (
        <div class="stack">
          <Outcome booking={value} event={event} again={again} />
          <SagaFigure booking={value} />
        </div>
      )}
    </Loading>
  );
}
