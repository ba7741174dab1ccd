import type { SagaFigures, StuckBooking } from '../../api/shapes.ts';
import { StateDiagram } from '../../charts/state-diagram.tsx';
import { Figures } from '../../controls/figures.tsx';
import { LiveMark } from '../../controls/live-mark.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Notice } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useNow } from '../../state/clock.ts';
import { useSaga } from '../../state/saga.ts';
import { mayOperate, me } from '../../state/session.ts';
import { count, decimal, duration, moment } from '../../words/format.ts';
import { stateWord, words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';

/** The saga at work: how many bookings are in each state, and how many move along each arrow. */
export function OperatePage() {
  const saga = useSaga(mayOperate(me.value));
  return (
    <OperateFrame aside={<LiveMark state={saga.following} />}>
      <Loading of={saga}>{(figures) => <SagaView figures={figures} />}</Loading>
    </OperateFrame>
  );
}

function SagaView({ figures }: { readonly figures: SagaFigures }) {
  const { operate: text, outcome } = words.value;
  const nowMs = useNow();
  const oldest = figures.oldest_open_at;
  const reasons = Object.entries(figures.refusals).toSorted(([, a], [, b]) => b - a);
  return (
    <div class="stack-wide">
      {figures.away.length > 0 && (
        <Notice kind="bad" head={text.away(figures.away.join(', '))}>
          <p>{text.awayHint}</p>
        </Notice>
      )}
      <section class="card stack">
        <Figures
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
          {reasons.length === 0 ? (
            <p class="soft">{text.noRefusals}</p>
          ) : (
            <Table
              label={text.refusals}
              head={[text.reason, { text: text.times, isNumber: true }]}
              rows={reasons.map(([reason, times]) => [
                outcome.reasons[reason as keyof typeof outcome.reasons]?.short ?? reason,
                count(times),
              ])}
            />
          )}
        </section>
        <section class="card stack">
          <h2>{text.stuckTitle}</h2>
          <Stuck all={figures.stuck} nowMs={nowMs} />
        </section>
      </div>
    </div>
  );
}

type PercentileName = 'p50' | 'p95' | 'p99' | 'max';

interface PercentilesTableProps {
  readonly label: string;
  readonly of: Readonly<Record<string, Readonly<Partial<Record<PercentileName, number>>>>>;
  readonly names: readonly PercentileName[];
  readonly unit?: 'ms';
}

function PercentilesTable({ label, of, names, unit }: PercentilesTableProps) {
  const { operate: text, saga } = words.value;
  const rows = Object.entries(of);
  if (rows.length === 0) return <p class="soft">{text.nothingYet}</p>;
  const told = (value: number | undefined) => {
    if (value === undefined) return '—';
    return unit === undefined ? count(value) : `${decimal(value, value < 10 ? 1 : 0)}`;
  };
  return (
    <Table
      label={label}
      head={[
        unit === undefined ? text.action : text.actionMs,
        ...names.map((name) => ({ text: name, isNumber: true })),
      ]}
      rows={rows.map(([action, percentiles]) => [
        action === 'booking' ? text.wholeBooking : (saga.messages[action as keyof typeof saga.messages] ?? action),
        ...names.map((name) => told(percentiles[name])),
      ])}
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
