import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import type { Access, EventDetail, Sales } from '../../api/shapes.ts';
import { Curve } from '../../charts/curve.tsx';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { FillBar } from '../../controls/fill-bar.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Notice } from '../../controls/notice.tsx';
import { Place } from '../../controls/place.tsx';
import { Stats } from '../../controls/stats.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { type Live, useEvent } from '../../state/events.ts';
import { type Loaded, useLoad } from '../../state/load.ts';
import { count, dateTime, decimal, money } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { WithAccess } from './with-access.tsx';

const everyMs = 1_000;

/** The organizer's page for an event: sales, refunds, cancellation. */
export function EventOverviewPage() {
  const id = Number(useRoute().params.id);
  return (
    <WithAccess eventId={id} needed="scan">
      {(access) => (access === 'manage' ? <OverviewById key={id} id={id} /> : <EntranceById key={id} id={id} />)}
    </WithAccess>
  );
}

/** The page of a helper who only scans. */
function EntranceById({ id }: { readonly id: number }) {
  const event = useEvent(id);
  return (
    <Loading of={event}>
      {(value) => (
        <Title text={value.event_name} aside={<LiveStatus state={event.connection} />}>
          <EventLinks event={value} access="scan" />
        </Title>
      )}
    </Loading>
  );
}

function OverviewById({ id }: { readonly id: number }) {
  const event = useEvent(id);
  const sales = useSales(id, event.value);
  return <Loading of={event}>{(value) => <Overview event={value} followed={event} sales={sales} />}</Loading>;
}

/** Reads the sales again after the free slots change, and while the rate is above 0, because it falls by itself. */
function useSales(id: number, event: EventDetail | undefined): Loaded<Sales> {
  const sales = useLoad(() => organizing.sales(id), [id]);
  const isMoving = (sales.value?.rate_per_second ?? 0) > 0;
  useEffect(() => {
    const timer = setTimeout(() => void sales.reload(), everyMs);
    return () => clearTimeout(timer);
  }, [event?.free_slots, isMoving && sales.value]);
  return sales;
}

interface OverviewProps {
  readonly event: EventDetail;
  readonly followed: Live<EventDetail>;
  readonly sales: Loaded<Sales>;
}

function Overview({ event, followed, sales }: OverviewProps) {
  return (
    <>
      <Title text={event.event_name} aside={<LiveStatus state={followed.connection} />}>
        <Place event={event} />
        <EventLinks event={event} access="manage" />
      </Title>
      <div class="stack-wide">
        <Cancellation event={event} followed={followed} />
        <Loading of={sales}>{(value) => <SalesView event={event} sales={value} />}</Loading>
        {event.cancellation === undefined && <CancelEvent event={event} followed={followed} />}
      </div>
    </>
  );
}

interface EventLinksProps {
  readonly event: EventDetail;
  readonly access: Access;
}

function EventLinks({ event, access }: EventLinksProps) {
  const { overview: text } = words.value;
  const isOn = event.cancellation === undefined;
  return (
    <p class="row start-row">
      {isOn && (
        <>
          <a class="button" href={`/organize/${event.id}/people`}>
            {text.attendees}
          </a>
          <a class="button" href={`/organize/${event.id}/door`}>
            {text.checkIn}
          </a>
        </>
      )}
      {isOn && access === 'manage' && (
        <>
          <a href={`/organize/${event.id}/by-hand`}>{words.value.byHand.title}</a>
          <a href={`/organize/${event.id}/edit`}>{text.edit}</a>
        </>
      )}
      {access === 'manage' && <a href={`/organize/${event.id}/team`}>{words.value.team.title}</a>}
      <a href={`/event/${event.id}`}>{text.publicPage}</a>
    </p>
  );
}

function SalesView({ event, sales }: { readonly event: EventDetail; readonly sales: Sales }) {
  const { overview: text } = words.value;
  const taken = event.total_slots - event.free_slots;
  return (
    <section class="card stack">
      <Stats
        of={[
          [text.taken, `${count(taken)} / ${count(event.total_slots)}`],
          [text.rate, decimal(sales.rate_per_second)],
          [text.moneyTaken, money(sales.money_taken)],
          [text.refunded, money(sales.refunded)],
        ]}
      />
      <FillBar taken={taken} total={event.total_slots} />
      <h2>{text.curve}</h2>
      {sales.points.length === 0 ? (
        <p class="soft">{text.noSales}</p>
      ) : (
        <Curve points={sales.points} limit={event.total_slots} label={text.curveLabel(taken, event.total_slots)} />
      )}
    </section>
  );
}

type WithEventProps = Pick<OverviewProps, 'event' | 'followed'>;

/** The refund progress of a canceled event. */
function Cancellation({ event: { cancellation } }: WithEventProps) {
  const { event: text, overview } = words.value;
  if (cancellation === undefined) return null;
  const isDone = cancellation.slots_given_back >= cancellation.of;
  return (
    <Notice kind={isDone ? 'plain' : 'wait'} head={text.canceled(dateTime(cancellation.canceled_at))}>
      <p>{text.givenBack(cancellation.slots_given_back, cancellation.of)}</p>
      {cancellation.of > 0 && (
        <FillBar taken={cancellation.slots_given_back} total={cancellation.of} label={overview.refunds} />
      )}
    </Notice>
  );
}

function CancelEvent({ event, followed }: WithEventProps) {
  const { overview: text } = words.value;
  const [isAsking, setAsking] = useState(false);
  const taken = event.total_slots - event.free_slots;
  const cancel = useAction(async () => {
    const canceled = await events.cancel(event.id);
    setAsking(false);
    followed.put(() => canceled);
  });
  return (
    <div>
      <Button kind="bad" onClick={() => setAsking(true)}>
        {text.cancel}
      </Button>
      {isAsking && (
        <Confirm head={text.cancelHead} doIt={text.cancel} action={cancel} onClose={() => setAsking(false)}>
          <p>{text.cancelHint(taken)}</p>
        </Confirm>
      )}
    </div>
  );
}
