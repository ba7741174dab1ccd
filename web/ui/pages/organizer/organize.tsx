import type { EventDetail, Me } from '../../api/shapes.ts';
import { FillBar } from '../../controls/fill-bar.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { OtherEvents, useWhen } from '../../controls/other-events.tsx';
import { Place } from '../../controls/place.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useNow } from '../../state/clock.ts';
import { useOwnEvents } from '../../state/events.ts';
import { inOrder, latestFirst, saleOf } from '../../state/sale.ts';
import { mayOrganize } from '../../state/session.ts';
import { count } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** How often the states of sales are read from the clock, in milliseconds. */
const everyMs = 10_000;

/** The events that a person organizes or helps with; for an admin, all events. */
export function OrganizePage() {
  return <SignedIn>{(person) => <OwnEvents person={person} />}</SignedIn>;
}

function OwnEvents({ person }: { readonly person: Me }) {
  const { organize: text } = words.value;
  const when = useWhen();
  const events = useOwnEvents(when, person);
  const nowMs = useNow(everyMs);
  return (
    <>
      <Title text={text.title} aside={<LiveStatus state={events.connection} />}>
        {mayOrganize(person) && (
          <p>
            <a class="button main" href="/organize/new">
              {text.create}
            </a>
          </p>
        )}
      </Title>
      <Loading of={events} isList>
        {(all) =>
          all.length === 0 ? (
            <Empty head={when === 'past' ? words.value.events.nonePast : text.none}>
              {when === 'upcoming' && <p>{mayOrganize(person) ? text.noneHint : words.value.signIn.askOrganizer}</p>}
            </Empty>
          ) : (
            <ul class="starts">
              {(when === 'past' ? latestFirst(all) : inOrder(all, nowMs)).map((event) => (
                <OwnEventRow key={event.id} event={event} nowMs={nowMs} />
              ))}
            </ul>
          )
        }
      </Loading>
      <OtherEvents when={when} path="/organize" />
    </>
  );
}

function OwnEventRow({ event, nowMs }: { readonly event: EventDetail; readonly nowMs: number }) {
  const { events: text, overview } = words.value;
  const taken = event.total_slots - event.free_slots;
  const sale = saleOf(event, nowMs);
  return (
    <li class="start own">
      <div>
        <p class="name">
          <a href={`/organize/${event.id}`}>{event.event_name}</a>
        </p>
        <Place event={event} />
      </div>
      <div class="own-fill">
        <p class="row apart">
          {sale === 'open' ? <span /> : <span class="badge">{text.strips[sale].toLocaleLowerCase()}</span>}
          <span class="number">
            {overview.taken}: <strong>{count(taken)}</strong> / {count(event.total_slots)}
          </span>
        </p>
        <FillBar taken={taken} total={event.total_slots} />
      </div>
    </li>
  );
}
