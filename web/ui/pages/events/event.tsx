import type { ComponentChildren } from 'preact';
import { useRoute } from 'preact-iso';
import type { EventDetail } from '../../api/shapes.ts';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Notice } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { useAccess } from '../../state/access.ts';
import { useEvent } from '../../state/events.ts';
import { count, dateTime, sum, zoneName, zoneOf } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { BookingPanel } from './booking-panel.tsx';

export function EventPage() {
  const id = Number(useRoute().params.id);
  const event = useEvent(id);
  return (
    <Loading of={event}>
      {(value) => <EventView event={value} reload={event.reload} mark={<LiveStatus state={event.connection} />} />}
    </Loading>
  );
}

interface EventViewProps {
  readonly event: EventDetail;
  readonly reload: () => Promise<void>;
  readonly mark: ComponentChildren;
}

function EventView({ event, reload, mark }: EventViewProps) {
  const { event: text } = words.value;
  const isMine = useAccess(event.id).value?.access !== undefined;
  return (
    <>
      <Title text={event.event_name} aside={mark}>
        {isMine && (
          <p>
            <a href={`/organize/${event.id}`}>{text.organize}</a>
          </p>
        )}
      </Title>
      <div class="stack-wide">
        {event.cancellation && (
          <Notice kind="bad" head={text.canceled(dateTime(event.cancellation.canceled_at))}>
            <p>{text.givenBack(event.cancellation.slots_given_back, event.cancellation.of)}</p>
          </Notice>
        )}
        <BookingPanel event={event} reload={reload}>
          <EventFacts event={event} />
        </BookingPanel>
      </div>
    </>
  );
}

function EventFacts({ event }: { readonly event: EventDetail }) {
  const { event: text } = words.value;
  const zone = zoneOf(event.time_zone);
  const facts: [name: string, value: string | undefined][] = [
    [text.startsAt, event.starts_at && dateTime(event.starts_at, event)],
    [text.timeZone, event.time_zone && `${zoneName(zone)} (${zone})`],
    [text.venue, event.venue],
    [text.price, event.price === 0 ? words.value.free : sum(event.price)],
    [text.slots, count(event.total_slots)],
    [text.saleOpens, event.sale_opens_at && dateTime(event.sale_opens_at, event)],
    [text.saleCloses, event.sale_closes_at && dateTime(event.sale_closes_at, event)],
    [text.maxPerPerson, event.max_per_person === undefined ? undefined : count(event.max_per_person)],
    [text.cancelUntil, event.cancel_until && dateTime(event.cancel_until, event)],
  ];
  return (
    <div class="stack">
      {event.description && <p class="prose measure">{event.description}</p>}
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ),
        )}
      </dl>
    </div>
  );
}
