import { useEffect } from 'preact/hooks';
import { account } from '../../api/api.ts';
import type { BookingDetail, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { useAction } from '../../state/action.ts';
import { balance, readBalance } from '../../state/session.ts';
import { sum } from '../../words/format.ts';
import { reasonText, words } from '../../words/words.ts';

interface OutcomeProps {
  readonly booking: BookingDetail;
  readonly event: EventDetail;
  /** Books again, at the price that the person saw. */
  readonly again: (price: number) => unknown;
  readonly onSettled: () => unknown;
}

/** The outcome of a booking, and what to do next. */
export function Outcome({ booking, event, again, onSettled }: OutcomeProps) {
  const { outcome: text } = words.value;
  const isSettled = booking.state === 'complete' || booking.state === 'canceled';
  useEffect(() => {
    if (!isSettled) return;
    void readBalance();
    void onSettled();
  }, [isSettled, booking.state]);
  if (!isSettled) return <Notice kind="wait" head={text.underWay} />;
  if (booking.state === 'complete') {
    return (
      <Notice kind="good" head={text.complete(booking.id)}>
        <p>
          {(booking.price ?? 0) > 0 && `${text.paid(sum(booking.price ?? 0))} `}
          <a href={`/booking/${booking.id}`}>{text.toTicket}</a>
        </p>
      </Notice>
    );
  }
  const reason = reasonText(booking.reason);
  return (
    <Notice kind={booking.reason === 'by_owner' ? 'plain' : 'bad'} head={reason.head}>
      {booking.reason === 'insufficient_funds' ? (
        <TopUp price={booking.price ?? event.price} again={again} />
      ) : (
        <p>{reason.hint}</p>
      )}
      {booking.reason === 'price_changed' && (
        <p>{text.newPrice(event.price === 0 ? words.value.free : sum(event.price))}</p>
      )}
    </Notice>
  );
}

function TopUp({ price, again }: { readonly price: number; readonly again: OutcomeProps['again'] }) {
  const { outcome: text } = words.value;
  const missing = price - (balance.value ?? 0);
  const topUp = useAction(async () => {
    balance.value = await account.topUp(missing);
    await again(price);
  });
  if (missing <= 0) {
    return (
      <p>
        <button type="button" class="link" onClick={() => void again(price)}>
          {text.enoughNow}
        </button>
      </p>
    );
  }
  return (
    <>
      <p>{text.missing(sum(missing))}</p>
      <div>
        <Button isBusy={topUp.isBusy} onClick={() => topUp.run()}>
          {text.topUpAndBook(sum(missing))}
        </Button>
      </div>
      <Failure of={topUp.error} />
    </>
  );
}
