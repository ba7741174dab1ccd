import { cancelableUntilMs } from '../../../../contracts/events/terms.ts';
import type { EventDetail } from '../../api/shapes.ts';
import { Confirm } from '../../controls/confirm.tsx';
import { Place } from '../../controls/place.tsx';
import type { Action } from '../../state/action.ts';
import { useNow } from '../../state/clock.ts';
import { dateTime, sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';

interface ConfirmBookingProps {
  /** The event as the person saw it when they pressed the button. */
  readonly event: EventDetail;
  /** Whether the person has a place already. */
  readonly isAnother: boolean;
  readonly book: Action<[price: number]>;
  readonly onClose: () => void;
}

/** Asks before money moves: the event, the total, and until when canceling is free. */
export function ConfirmBooking({ event, isAnother, book, onClose }: ConfirmBookingProps) {
  const { event: text, confirmBooking } = words.value;
  const action = {
    ...book,
    async run() {
      await book.run(event.price);
      onClose();
    },
  };
  return (
    <Confirm
      head={isAnother ? confirmBooking.anotherHead : confirmBooking.head}
      doIt={event.price === 0 ? text.bookFree : text.book(sum(event.price))}
      kind="main"
      action={action}
      onClose={onClose}
    >
      <div>
        <p class="name">
          <bdi>{event.event_name}</bdi>
        </p>
        <Place event={event} />
      </div>
      <dl class="facts">
        <dt>{confirmBooking.total}</dt>
        <dd>{event.price === 0 ? words.value.free : sum(event.price)}</dd>
        <dt>{text.cancelUntil}</dt>
        <dd>
          <CancelTerms event={event} />
        </dd>
      </dl>
    </Confirm>
  );
}

/** Until when a booking made now can be canceled. */
function CancelTerms({ event }: { readonly event: EventDetail }) {
  const { confirmBooking: text } = words.value;
  const nowMs = useNow();
  const untilMs = cancelableUntilMs(event, nowMs);
  if (untilMs === Number.POSITIVE_INFINITY) return <>{text.anyTime}</>;
  return <>{untilMs < nowMs ? text.notAnyMore : dateTime(new Date(untilMs).toISOString(), event)}</>;
}
