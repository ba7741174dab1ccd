import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { cancelableUntilMs } from '../../../../contracts/events/terms.ts';
import { bookings, events } from '../../api/api.ts';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { isolated } from '../../controls/isolated.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Notice } from '../../controls/notice.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { SagaFigure } from '../../saga/saga-figure.tsx';
import { useAccess } from '../../state/access.ts';
import { useAction } from '../../state/action.ts';
import { useBooking } from '../../state/booking.ts';
import { useNow } from '../../state/clock.ts';
import { useFollow } from '../../state/live.ts';
import { type Loaded, useLoad } from '../../state/load.ts';
import { me, readBalance } from '../../state/session.ts';
import { dateTime, sum } from '../../words/format.ts';
import { reasonText, words } from '../../words/words.ts';
import { CalendarButton } from './calendar-button.tsx';
import { Ticket } from './ticket.tsx';

export function BookingPage() {
  const id = Number(useRoute().params.id);
  return <SignedIn>{() => <BookingById key={id} id={id} />}</SignedIn>;
}

function BookingById({ id }: { readonly id: number }) {
  const booking = useBooking(id);
  return <Loading of={booking}>{(value) => <WithEvent booking={value} loaded={booking} />}</Loading>;
}

interface WithEventProps {
  readonly booking: BookingDetail;
  readonly loaded: Loaded<BookingDetail>;
}

function WithEvent({ booking, loaded }: WithEventProps) {
  const { bookings: text } = words.value;
  // A booking can name an event that does not exist. Then the page shows only the event's id.
  const event = useLoad(() => events.one(booking.event_id).catch(() => null), [booking.event_id]);
  // A moved event shows on an open ticket, and in its calendar file.
  useFollow<EventDetail>(`/events/live?ids=${booking.event_id}`, 'event', {
    onData: (changed) => event.put(() => changed),
    onOpen: event.reload,
  });
  return (
    <Loading of={event}>
      {(value) => (
        <>
          <Title text={value?.event_name ?? text.eventOf(booking.event_id)}>
            <p class="soft">
              <a href="/bookings">{text.title}</a> / #{booking.id}
            </p>
          </Title>
          <BookingView booking={booking} event={value} loaded={loaded} />
        </>
      )}
    </Loading>
  );
}

interface BookingViewProps extends WithEventProps {
  readonly event: EventDetail | null;
}

function BookingView({ booking, event, loaded }: BookingViewProps) {
  const { outcome } = words.value;
  const isMine = me.value?.id === booking.user_id;
  const reason = reasonText(booking.reason);
  const head = booking.reason === 'by_owner' && !isMine ? outcome.byItsOwner : reason.head;
  const wasComplete = booking.history.some(({ state }) => state === 'complete');
  const refunded = isMine ? outcome.refunded : outcome.refundedToOwner;
  return (
    <div class="stack-wide">
      {booking.state === 'complete' && event && <Ticket booking={booking} event={event} />}
      {booking.state === 'canceled' && (
        <Notice kind={booking.reason === 'by_owner' ? 'plain' : 'bad'} head={head}>
          {wasComplete && (booking.price ?? 0) > 0 && (
            <p>
              {booking.desk_reference === undefined
                ? refunded(sum(booking.price ?? 0))
                : isolated(
                    (reference) => outcome.refundedAtDesk(sum(booking.price ?? 0), reference),
                    booking.desk_reference,
                  )}
            </p>
          )}
          {isMine && event !== null && event.cancellation === undefined && (
            <p>
              <a href={`/event/${event.id}`}>{outcome.toEvent}</a>
            </p>
          )}
          {isMine && wasComplete && event !== null && (
            <div>
              <CalendarButton booking={booking} event={event} />
            </div>
          )}
        </Notice>
      )}
      {booking.state === 'complete' && <CancelBooking booking={booking} event={event} loaded={loaded} />}
      <SagaFigure booking={booking} />
    </div>
  );
}

function CancelBooking({ booking, event, loaded }: BookingViewProps) {
  const { bookings: text } = words.value;
  const [isAsking, setAsking] = useState(false);
  const nowMs = useNow();
  const access = useAccess(booking.event_id);
  const cancel = useAction(async () => {
    await bookings.cancel(booking.id);
    setAsking(false);
    await loaded.reload();
    await readBalance();
  });
  if (booking.checked_in_at !== undefined) {
    return <Notice kind="plain">{<p>{text.checkedIn(dateTime(booking.checked_in_at))}</p>}</Notice>;
  }
  const bookedAtMs = Date.parse(booking.booked_at ?? booking.history[0]?.at ?? '');
  const untilMs = event === null ? Number.POSITIVE_INFINITY : cancelableUntilMs(event, bookedAtMs);
  const until = Number.isFinite(untilMs) ? dateTime(new Date(untilMs).toISOString(), event) : undefined;
  const isMine = me.value?.id === booking.user_id;
  if (isMine && access.value?.access !== 'manage' && untilMs < nowMs) {
    return <p class="soft">{text.tooLate(until ?? '')}</p>;
  }
  return (
    <div class="row">
      <Button kind="bad" onClick={() => setAsking(true)}>
        {text.cancel}
      </Button>
      {until !== undefined && <span class="soft">{text.until(until)}</span>}
      {isAsking && (
        <Confirm head={text.cancelHead} doIt={text.cancel} action={cancel} onClose={() => setAsking(false)}>
          <p>{cancelHint(booking)}</p>
        </Confirm>
      )}
    </div>
  );
}

/** Where the money goes when the booking is canceled. */
function cancelHint({ price = 0, desk_reference: reference }: BookingDetail): string {
  const { bookings: text } = words.value;
  if (price === 0) return text.cancelFreeHint;
  return reference === undefined ? text.cancelHint(sum(price)) : text.cancelDeskHint(sum(price), reference);
}
