import type { EventDetail, Me } from '../../api/shapes.ts';
import { FillBar } from '../../controls/fill-bar.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { Place } from '../../controls/place.tsx';
import { organizers, SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useEvents } from '../../state/events.ts';
import { inOrder, saleOf } from '../../state/sale.ts';
import { count } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** An organizer's events; for an admin, all events. */
export function OrganizePage() {
  return <SignedIn roles={organizers}>{(person) => <OwnEvents person={person} />}</SignedIn>;
}

function OwnEvents({ person }: { readonly person: Me }) {
  const { organize: text } = words.value;
  const events = useEvents(person.role === 'admin' ? undefined : person.id);
  return (
    <>
      <Title text={text.title} aside={<LiveStatus state={events.connection} />}>
        <p>
          <a class="button main" href="/organize/new">
            {text.create}
          </a>
        </p>
      </Title>
      <Loading of={events}>
        {(all) =>
          all.length === 0 ? (
            <Empty head={text.none}>
              <p>{text.noneHint}</p>
            </Empty>
          ) : (
            <ul class="starts">
              {inOrder(all, Date.now()).map((event) => (
                <OwnEventRow key={event.id} event={event} />
              ))}
            </ul>
          )
        }
      </Loading>
    </>
  );
}

function OwnEventRow({ event }: { readonly event: EventDetail }) {
  const { events: text, overview } = words.value;
  const taken = event.total_slots - event.free_slots;
  const sale = saleOf(event, Date.now());
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
