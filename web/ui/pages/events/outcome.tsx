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
  readonly again: () => unknown;
}

/** The outcome of a booking, and what to do next. */
export function Outcome({ booking, event, again }: OutcomeProps) {
  const { outcome: text } = words.value;
  const isSettled = booking.state === 'complete' || booking.state === 'canceled';
  useEffect(() => {
    if (isSettled) void readBalance();
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
        <TopUp missing={(booking.price ?? event.price) - (balance.value ?? 0)} again={again} />
      ) : (
        <p>{reason.hint}</p>
      )}
    </Notice>
  );
}

function TopUp({ missing, again }: { readonly missing: number; readonly again: () => unknown }) {
  const { outcome: text } = words.value;
  const topUp = useAction(async () => {
    balance.value = await account.topUp(missing);
    await again();
  });
  if (missing <= 0) {
    return (
      <p>
        <button type="button" class="link" onClick={() => void again()}>
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
