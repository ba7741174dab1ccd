import { operators } from '../../api/api.ts';
import { Refused } from '../../api/client.ts';
import type { Report } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { Stats } from '../../controls/stats.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { count, duration, moment } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';

export function ReconciliationPage() {
  return <OperateFrame>{<Reconciliation />}</OperateFrame>;
}

/** The last report, or null if there was none since the process started. */
const readLast = () =>
  operators.lastReconciliation().catch((error) => {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  });

function Reconciliation() {
  const { reconciliation: text } = words.value;
  const last = useLoad<Report | null>(readLast, []);
  const run = useAction(async () => {
    const report = await operators.reconcile();
    last.put(() => report);
  });
  return (
    <div class="stack-wide">
      <p class="measure">{text.intro}</p>
      <div class="row">
        <Button kind="main" isBusy={run.isBusy} onClick={() => run.run()}>
          {run.isBusy ? text.running : text.run}
        </Button>
      </div>
      <Failure of={run.error} />
      <Loading of={last}>
        {(report) => (report === null ? <p class="soft">{text.none}</p> : <ReportView of={report} />)}
      </Loading>
    </div>
  );
}

function ReportView({ of: report }: { readonly of: Report }) {
  const { reconciliation: text } = words.value;
  return (
    <section class="card stack">
      <Notice kind={report.clean ? 'good' : 'bad'} head={report.clean ? text.clean : text.found(report.found)}>
        <p class="small">{text.when(moment(report.began_at), duration(report.took_ms))}</p>
      </Notice>
      <Stats
        of={Object.entries(report.checked).map(([name, value]) => [
          text.checked[name as keyof typeof text.checked] ?? name,
          count(value),
        ])}
      />
      {report.findings.length > 0 && (
        <Table
          label={text.findings}
          head={[text.kind, text.words]}
          rows={report.findings.map(({ kind, words: description, booking_id }) => [
            <span key="kind" class="mono">
              {kind}
            </span>,
            booking_id === undefined ? description : <a href={`/booking/${booking_id}`}>{description}</a>,
          ])}
        />
      )}
    </section>
  );
}
