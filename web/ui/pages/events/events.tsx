import { useState } from 'preact/hooks';
import { searchFilter } from '../../../../contracts/text/search.ts';
import type { EventDetail } from '../../api/shapes.ts';
import { Field } from '../../controls/field.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { OtherEvents, useWhen } from '../../controls/other-events.tsx';
import { Place } from '../../controls/place.tsx';
import { Title } from '../../controls/title.tsx';
import { useNow } from '../../state/clock.ts';
import { useEvents } from '../../state/events.ts';
import { inOrder, latestFirst, saleOf } from '../../state/sale.ts';
import { mayOrganize, me } from '../../state/session.ts';
import { sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { Bib } from './bib.tsx';
import { SaleBadge } from './sale-badge.tsx';

/** How often the states of sales are read from the clock, in milliseconds. */
const everyMs = 10_000;
/** The search field appears above this number of events. */
const manyEvents = 8;

export function EventsPage() {
  const { events: text } = words.value;
  const when = useWhen();
  const events = useEvents(when);
  const nowMs = useNow(everyMs);
  const [search, setSearch] = useState('');
  const isFound = searchFilter(search);
  return (
    <>
      <Title text={when === 'past' ? text.past : text.title} aside={<LiveStatus state={events.connection} />}>
        {when === 'upcoming' && <p class="soft">{text.intro}</p>}
      </Title>
      <Loading of={events} isList>
        {(all) => {
          if (all.length === 0) return when === 'past' ? <Empty head={text.nonePast} /> : <NoEvents />;
          const found = all.filter(({ event_name, venue = '' }) => isFound(`${event_name} ${venue}`));
          const sorted = when === 'past' ? latestFirst(found) : inOrder(found, nowMs);
          return (
            <div class="stack">
              {all.length > manyEvents && <Field label={text.find} name="find" type="search" onInput={setSearch} />}
              {found.length === 0 ? (
                <Empty head={text.noneFound}>
                  <p>{text.noneFoundHint}</p>
                </Empty>
              ) : (
                <ul class="starts">
                  {sorted.map((event) => (
                    <EventRow key={event.id} event={event} nowMs={nowMs} />
                  ))}
                </ul>
              )}
            </div>
          );
        }}
      </Loading>
      <OtherEvents when={when} path="/" />
    </>
  );
}

function EventRow({ event, nowMs }: { readonly event: EventDetail; readonly nowMs: number }) {
  const { events: text } = words.value;
  const sale = saleOf(event, nowMs);
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
