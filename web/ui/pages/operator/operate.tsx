import type { SagaFigures, StuckBooking } from '../../api/shapes.ts';
import { StateDiagram } from '../../charts/state-diagram.tsx';
import { LiveStatus } from '../../controls/live-status.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Notice } from '../../controls/notice.tsx';
import { Stats } from '../../controls/stats.tsx';
import { Table } from '../../controls/table.tsx';
import { useNow } from '../../state/clock.ts';
import { useSaga } from '../../state/saga.ts';
import { mayOperate, me } from '../../state/session.ts';
import { count, duration, moment } from '../../words/format.ts';
import { reasonText, stateWord, words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';
import { PercentilesTable } from './percentiles-table.tsx';

/** The saga at work: bookings in each state, transitions per second, latencies, refusals and stuck bookings. */
export function OperatePage() {
  const saga = useSaga(mayOperate(me.value));
  return (
    <OperateFrame aside={<LiveStatus state={saga.connection} />}>
      <Loading of={saga}>{(figures) => <SagaView figures={figures} />}</Loading>
    </OperateFrame>
  );
}

function SagaView({ figures }: { readonly figures: SagaFigures }) {
  const { operate: text } = words.value;
  const nowMs = useNow();
  const oldest = figures.oldest_open_at;
  return (
    <div class="stack-wide">
      {figures.away.length > 0 && (
        <Notice kind="bad" head={text.away(figures.away.join(', '))}>
          <p>{text.awayHint}</p>
        </Notice>
      )}
      <section class="card stack">
        <Stats
          of={[
            [text.open, count(figures.open)],
            [text.oldest, oldest ? duration(Math.max(0, nowMs - Date.parse(oldest))) : '—'],
            [text.stuck, count(figures.stuck.length)],
          ]}
        />
        <StateDiagram figures={figures} />
      </section>
      <div class="columns halves">
        <section class="card stack">
          <h2>{text.latencies}</h2>
          <PercentilesTable label={text.latencies} of={figures.latencies_ms} names={['p50', 'p95', 'p99']} unit="ms" />
        </section>
        <section class="card stack">
          <h2>{text.batchSizes}</h2>
          <PercentilesTable label={text.batchSizes} of={figures.set_sizes} names={['p50', 'p95', 'max']} />
        </section>
        <section class="card stack">
          <h2>{text.refusals}</h2>
          <Refusals counts={figures.refusals} />
        </section>
        <section class="card stack">
          <h2>{text.stuckTitle}</h2>
          <Stuck all={figures.stuck} nowMs={nowMs} />
        </section>
      </div>
    </div>
  );
}

function Refusals({ counts }: { readonly counts: SagaFigures['refusals'] }) {
  const { operate: text } = words.value;
  const reasons = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  if (reasons.length === 0) return <p class="soft">{text.noRefusals}</p>;
  return (
    <Table
      label={text.refusals}
      head={[text.reason, { text: text.times, isNumber: true }]}
      rows={reasons.map(([reason, times]) => [reasonText(reason).short, count(times)])}
    />
  );
}

function Stuck({ all, nowMs }: { readonly all: readonly StuckBooking[]; readonly nowMs: number }) {
  const { operate: text } = words.value;
  if (all.length === 0) return <p class="soft">{text.noneStuck}</p>;
  return (
    <Table
      label={text.stuckTitle}
      head={[text.booking, text.state, { text: text.attempts, isNumber: true }, text.nextAttempt, text.lastError]}
      rows={all.map(({ booking_id, state, attempts, last_error, due_at }) => [
        <a key="booking" href={`/booking/${booking_id}`}>
          {booking_id}
        </a>,
        stateWord(state),
        count(attempts),
        Date.parse(due_at) > nowMs ? moment(due_at) : text.now,
        last_error ?? '—',
      ])}
    />
  );
}
