import { useState } from 'preact/hooks';
import { searchFilter } from '../../../../contracts/text/search.ts';
import type { EventDetail } from '../../api/shapes.ts';
import { Field } from '../../controls/field.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { Place } from '../../controls/place.tsx';
import { Title } from '../../controls/title.tsx';
import { useEvents } from '../../state/events.ts';
import { inOrder, saleOf } from '../../state/sale.ts';
import { mayOrganize, me } from '../../state/session.ts';
import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { Bib } from './bib.tsx';
import { SaleBadge } from './sale-badge.tsx';

/** The search field appears above this number of events. */
const manyEvents = 8;

export function EventsPage() {
  const { events: text } = words.value;
  const events = useEvents();
  const [search, setSearch] = useState('');
  const isFound = searchFilter(search);
  return (
    <>
      <Title text={text.title} aside={<LiveStatus state={events.connection} />}>
        <p class="soft">{text.intro}</p>
      </Title>
      <Loading of={events}>
        {(all) => {
          if (all.length === 0) return <NoEvents />;
          const found = inOrder(
            all.filter(({ event_name, venue = '' }) => isFound(`${event_name} ${venue}`)),
            Date.now(),
          );
          return (
            <div class="stack">
              {all.length > manyEvents && <Field label={text.find} name="find" type="search" onInput={setSearch} />}
              {found.length === 0 ? (
                <Empty head={text.noneFound}>
                  <p>{text.noneFoundHint}</p>
                </Empty>
              ) : (
                <ul class="starts">
                  {found.map((event) => (
                    <EventRow key={event.id} event={event} />
                  ))}
                </ul>
              )}
            </div>
          );
        }}
      </Loading>
    </>
  );
}

function EventRow({ event }: { readonly event: EventDetail }) {
  const { events: text } = words.value;
  const sale = saleOf(event, Date.now());
  return (
    <li class="start">
      <Bib
        strip={text.strips[sale]}
        number={event.free_slots}
        note={text.leftOf(event.free_slots, event.total_slots)}
        isOut={sale !== 'open' && sale !== 'not_open'}
      />
      <div>
        <p class="name">
          <a href={`/event/${event.id}`}>{event.event_name}</a>
        </p>
        <Place event={event} />
        <SaleBadge event={event} sale={sale} />
      </div>
      <p class="price">
        <span class="number">{event.price === 0 ? words.value.free : sum(event.price)}</span>
      </p>
    </li>
  );
}

function NoEvents() {
  const { events: text } = words.value;
  return (
    <Empty head={text.none}>
      {mayOrganize(me.value) ? (
        <a class="button main" href="/organize/new">
          {text.createFirst}
        </a>
      ) : (
        <p>{text.noneHint}</p>
      )}
    </Empty>
  );
}
