import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import type { Attendee, CheckedIn } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure } from '../../controls/notice.tsx';
import { organizers, SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { useSearch } from '../../state/search.ts';
import { csvSeparator, moment, money } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { CheckInNotice } from './check-in-notice.tsx';
import { UnlessCanceled } from './unless-canceled.tsx';

export function AttendeesPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  const { attendees: text } = words.value;
  return (
    <SignedIn roles={organizers}>
      {() => (
        <>
          <Title text={text.title}>
            <p class="row">
              <a href={`/organize/${id}`}>{event.value?.event_name ?? '…'}</a>
              {event.value?.cancellation === undefined && (
                <a class="button" href={organizing.csvUrl(id, csvSeparator())} download>
                  {text.csv}
                </a>
              )}
            </p>
          </Title>
          <UnlessCanceled event={event.value}>
            <Attendees eventId={id} />
          </UnlessCanceled>
        </>
      )}
    </SignedIn>
  );
}

function Attendees({ eventId }: { readonly eventId: number }) {
  const { attendees: text } = words.value;
  const [search, onSearch] = useSearch();
  const list = useLoad(() => organizing.attendees(eventId, { q: search }), [eventId, search], true);
  const [last, setLast] = useState<CheckedIn | undefined>(undefined);
  const checkIn = useAction(async (bookingId: number) => {
    setLast(undefined);
    const done = await organizing.checkIn(eventId, { booking_id: bookingId });
    setLast(done);
    const { checked_in_at } = done;
    const items = (all: readonly Attendee[]) =>
      all.map((each) => (each.booking_id === bookingId ? { ...each, checked_in_at } : each));
    list.put((before) => ({ ...before, items: items(before.items) }));
  });
  const more = useAction(async () => {
    const { items, next } = await organizing.attendees(eventId, { q: search, after: list.value?.next ?? 0 });
    list.put((before) => ({ items: [...before.items, ...items], next }));
  });
  return (
    <div class="stack">
      <Field label={text.find} name="find" type="search" onInput={onSearch} />
      {last && <CheckInNotice of={last} />}
      <Failure of={checkIn.error} />
      <Loading of={list}>
        {({ items: all, next }) => (
          <>
            {all.length === 0 ? (
              <Empty head={search === '' ? text.none : text.noneFound}>
                <p>{search === '' ? text.noneHint : text.noneFoundHint}</p>
              </Empty>
            ) : (
              <AttendeesTable all={all} isBusy={checkIn.isBusy} onCheckIn={(booking) => checkIn.run(booking)} />
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
  /** True while a check-in is in progress: the other buttons wait for it. */
  readonly isBusy: boolean;
  readonly onCheckIn: (bookingId: number) => unknown;
}

function AttendeesTable({ all, isBusy, onCheckIn }: AttendeesTableProps) {
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
              <td>{`${each.first_name} ${each.last_name}`.trim()}</td>
              <td>{each.login}</td>
              <td class="end">{money(each.price)}</td>
              <td class="nowrap">
                {each.checked_in_at ? (
                  moment(each.checked_in_at)
                ) : (
                  <Button isBusy={isBusy} onClick={() => onCheckIn(each.booking_id)}>
                    {text.checkIn}
                    <bdi class="visually-hidden"> {each.login}</bdi>
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
