import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import type { Attendee } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { Field } from '../../controls/field.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { type CheckIns, useCheckIns } from '../../state/check-ins.ts';
import { useLoad } from '../../state/load.ts';
import { useSearch } from '../../state/search.ts';
import { csvSeparator, moment, money } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { ScanList } from './scan-list.tsx';
import { UnlessCanceled } from './unless-canceled.tsx';
import { WithAccess } from './with-access.tsx';

export function AttendeesPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  const { attendees: text } = words.value;
  return (
    <WithAccess eventId={id} needed="scan">
      {(access) => (
        <>
          <Title text={text.title}>
            <p class="row">
              <a href={`/organize/${id}`}>{event.value?.event_name ?? '…'}</a>
              {event.value?.cancellation === undefined && access === 'manage' && (
                <>
                  <a class="button" href={organizing.csvUrl(id, csvSeparator())} download>
                    {text.csv}
                  </a>
                  <a href={`/organize/${id}/by-hand`}>{words.value.byHand.title}</a>
                </>
              )}
            </p>
          </Title>
          <UnlessCanceled event={event.value}>
            <Attendees eventId={id} />
          </UnlessCanceled>
        </>
      )}
    </WithAccess>
  );
}

function Attendees({ eventId }: { readonly eventId: number }) {
  const { attendees: text } = words.value;
  const [search, onSearch] = useSearch();
  const list = useLoad(() => organizing.attendees(eventId, { q: search }), [eventId, search], true);
  const change = (bookingId: number, how: (attendee: Attendee) => Attendee) =>
    list.put(({ items, next }) => ({
      items: items.map((each) => (each.booking_id === bookingId ? how(each) : each)),
      next,
    }));
  const checkIns = useCheckIns(eventId, ({ booking_id, checked_in_at }) =>
    change(booking_id, (attendee) => ({ ...attendee, checked_in_at })),
  );
  const onUndone = (bookingId: number) => change(bookingId, ({ checked_in_at: _, ...attendee }) => attendee);
  const more = useAction(async () => {
    const { items, next } = await organizing.attendees(eventId, { q: search, after: list.value?.next ?? 0 });
    list.put((before) => ({ items: [...before.items, ...items], next }));
  });
  return (
    <div class="stack">
      <Field label={text.find} name="find" type="search" onInput={onSearch} />
      <ScanList of={checkIns} eventId={eventId} most={3} />
      <Loading of={list}>
        {({ items: all, next }) => (
          <>
            {all.length === 0 ? (
              <Empty head={search === '' ? text.none : text.noneFound}>
                <p>{search === '' ? text.noneHint : text.noneFoundHint}</p>
              </Empty>
            ) : (
              <AttendeesTable all={all} checkIns={checkIns} onUndone={onUndone} />
            )}
            {next !== undefined && (
              <div>
                <Button isBusy={more.isBusy} onClick={() => more.run()}>
                  {text.more}
                </Button>
              </div>
            )}
            <Failure of={more.error} />
          </>
        )}
      </Loading>
    </div>
  );
}

interface AttendeesTableProps {
  readonly all: readonly Attendee[];
  readonly checkIns: CheckIns;
  readonly onUndone: (bookingId: number) => void;
}

function AttendeesTable({ all, checkIns, onUndone }: AttendeesTableProps) {
  const { attendees: text } = words.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard.
    <section class="scroll" aria-label={text.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.booking}</th>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.login}</th>
            <th scope="col" class="end">
              {text.paid}
            </th>
            <th scope="col">{text.checkedIn}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((each) => (
            <tr key={each.booking_id}>
              <td>{each.booking_id}</td>
              <td>{each.guest_name ?? `${each.first_name} ${each.last_name}`.trim()}</td>
              <td>{each.login}</td>
              <td class="end">{each.price !== undefined && money(each.price)}</td>
              <td class="nowrap">
                <CheckInOf attendee={each} checkIns={checkIns} onUndone={onUndone} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CheckInOfProps {
  readonly attendee: Attendee;
  readonly checkIns: CheckIns;
  readonly onUndone: (bookingId: number) => void;
}

/** When a person was checked in, with the way to undo it; or the button that checks in. */
function CheckInOf({ attendee, checkIns, onUndone }: CheckInOfProps) {
  const { attendees: text } = words.value;
  const [isAsking, setAsking] = useState(false);
  const undo = useAction(async () => {
    await organizing.undoCheckIn(attendee.booking_id, attendee.checked_in_at ?? '');
    setAsking(false);
    onUndone(attendee.booking_id);
  });
  const { booking_id, checked_in_at, guest_name: guest, login } = attendee;
  const who = <bdi class="visually-hidden"> {guest ?? login}</bdi>;
  if (checked_in_at) {
    return (
      <>
        {moment(checked_in_at)}{' '}
        <button type="button" class="link" onClick={() => setAsking(true)}>
          {text.undo}
          {who}
        </button>
        {/* A double click on the button that was here must not undo the check-in. */}
        {isAsking && (
          <Confirm head={text.undoHead} doIt={text.undo} action={undo} onClose={() => setAsking(false)}>
            <p>
              <bdi>{guest ?? (`${attendee.first_name} ${attendee.last_name}`.trim() || login)}</bdi>
            </p>
          </Confirm>
        )}
      </>
    );
  }
  const isWaiting = checkIns.scans.some(
    ({ guest, outcome }) => outcome === undefined && 'booking_id' in guest && guest.booking_id === booking_id,
  );
  return (
    <Button isBusy={isWaiting} onClick={() => checkIns.add({ booking_id })}>
      {text.checkIn}
      {who}
    </Button>
  );
}
