import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { bookings } from '../../api/api.ts';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { FillBar } from '../../controls/fill-bar.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { signInTo } from '../../controls/signed-in.tsx';
import { SagaFigure } from '../../saga/saga-figure.tsx';
import { type Action, useAction } from '../../state/action.ts';
import { useBooking } from '../../state/booking.ts';
import { useNow } from '../../state/clock.ts';
import { type Loaded, useLoad } from '../../state/load.ts';
import { saleOf } from '../../state/sale.ts';
import { balance, me } from '../../state/session.ts';
import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { Bib } from './bib.tsx';
import { ConfirmBooking } from './confirm-booking.tsx';
import { Outcome } from './outcome.tsx';
import { OwnPlaces, placesOf } from './own-places.tsx';
import { SaleBadge } from './sale-badge.tsx';

interface BookingPanelProps {
  readonly event: EventDetail;
  /** Reads the event again. */
  readonly reload: () => Promise<void>;
  /** The facts about the event. */
  readonly children: ComponentChildren;
}

/** The person's places, places left, the book button, and the progress of the booking. */
export function BookingPanel({ event, reload, children }: BookingPanelProps) {
  const [bookingId, setBookingId] = useState<number | undefined>(undefined);
  const personId = me.value?.id;
  const own = useLoad(
    async () => (personId === undefined ? [] : bookings.ofEvent(event.id)),
    [event.id, personId],
    true,
  );
  const lastPrice = useRef(event.price);
  const book = useAction(async (price: number) => {
    lastPrice.current = price;
    const before = own.value ?? [];
    try {
      const { id } = await bookings.make(event.id, price);
      setBookingId(id);
    } catch (error) {
      // The answer may be lost, and the place taken: then the booking is in the list.
      const listed = await bookings.ofEvent(event.id).catch(() => []);
      const made = listed.find(({ id }) => !before.some((booking) => booking.id === id));
      if (made === undefined) throw error;
      bookings.seen();
      own.put(() => listed);
      setBookingId(made.id);
    }
  });
  const onSettled = async () => {
    await Promise.all([own.reload(), reload()]);
  };
  return (
    <>
      <OwnPlaces all={own.value ?? []} />
      <div class="booking">
        <div class="booking-facts">{children}</div>
        <aside class="booking-side stack" aria-label={words.value.event.booking}>
          <PlacesLeft event={event} />
          <BookButton event={event} own={own} book={book} />
          <Failure of={book.error} again={() => book.run(lastPrice.current)} />
        </aside>
        {bookingId !== undefined && (
          <div class="booking-saga">
            <BookingProgress
              key={bookingId}
              id={bookingId}
              event={event}
              again={(price) => book.run(price)}
              onSettled={onSettled}
            />
          </div>
        )}
      </div>
    </>
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
  /** The person's bookings of the event. */
  readonly own: Loaded<readonly BookingDetail[]>;
  readonly book: Action<[price: number]>;
}

/** Books a place, after a confirmation if it costs money or is not the first one. */
function BookButton({ event, own, book }: BookButtonProps) {
  const { event: text } = words.value;
  const { url } = useLocation();
  // The event as the person saw it: a price that changes while the question is open must not change the question.
  const [asked, setAsked] = useState<EventDetail | undefined>(undefined);
  // Another page of the person may have booked since this one was opened.
  const ask = useAction(async () => {
    const listed = await bookings.ofEvent(event.id).catch(() => own.value ?? []);
    own.put(() => listed);
    if (event.price > 0 || placesOf(listed).length > 0) setAsked(event);
    else await book.run(event.price);
  });
  const sale = saleOf(event, useNow());
  if (sale === 'canceled' || sale === 'over' || sale === 'closed') return null;
  if (!me.value) {
    return (
      <a class="button main large wide" href={signInTo(url)}>
        {text.signInToBook}
      </a>
    );
  }
  const isAnother = placesOf(own.value ?? []).length > 0;
  const label = event.price === 0 ? text.bookFree : text.book(sum(event.price));
  const another = event.price === 0 ? text.bookAnotherFree : text.bookAnother(sum(event.price));
  return (
    <>
      {/* Enabled also when sold out: a place may have become free, and the server decides. */}
      <Button
        kind={isAnother ? undefined : 'main'}
        large
        wide
        isBusy={book.isBusy || ask.isBusy}
        disabled={sale === 'not_open'}
        onClick={() => ask.run()}
      >
        {isAnother ? another : label}
      </Button>
      {balance.value !== undefined && <p class="soft small">{text.balance(sum(balance.value))}</p>}
      {asked && <ConfirmBooking event={asked} isAnother={isAnother} book={book} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface BookingProgressProps {
  readonly id: number;
  readonly event: EventDetail;
  /** Books again, at the price that the person saw. */
  readonly again: (price: number) => unknown;
  readonly onSettled: () => unknown;
}

function BookingProgress({ id, event, again, onSettled }: BookingProgressProps) {
  const booking = useBooking(id);
  return (
    <Loading of={booking}>
      {(value) => (
        <div class="stack">
          <Outcome booking={value} event={event} again={again} onSettled={onSettled} />
          <SagaFigure booking={value} />
        </div>
      )}
    </Loading>
  );
}
