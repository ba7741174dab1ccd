import { Fragment } from 'preact';
import { operators } from '../../api/api.ts';
import type { AuditEntry } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { moment, sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';

export function AuditLogPage() {
  return <OperateFrame>{<AuditLog />}</OperateFrame>;
}

function AuditLog() {
  const { auditLog: text } = words.value;
  const list = useLoad(() => operators.auditLog(), []);
  const more = useAction(async () => {
    const { items, next } = await operators.auditLog(list.value?.next);
    list.put((before) => ({ items: [...before.items, ...items], next }));
  });
  return (
    <Loading of={list}>
      {({ items: all, next }) =>
        all.length === 0 ? (
          <Empty head={text.none}>
            <p>{text.noneHint}</p>
          </Empty>
        ) : (
          <div class="stack">
            <Table
              label={text.title}
              head={[text.when, text.who, text.what, text.whom, text.details]}
              rows={all.map(rowOf)}
            />
            {next !== undefined && (
              <div>
                <Button isBusy={more.isBusy} onClick={() => more.run()}>
                  {text.older}
                </Button>
              </div>
            )}
            <Failure of={more.error} />
          </div>
        )
      }
    </Loading>
  );
}

function rowOf({ at, by, action, to, details }: AuditEntry) {
  const { auditLog: text } = words.value;
  return [
    <span key="at" class="nowrap">
      {moment(at)}
    </span>,
    by?.login ?? '—',
    text.actions[action as keyof typeof text.actions] ?? action,
    to?.login ?? '—',
    <span key="details" class="mono small">
      {Object.entries(details).map(([name, value], index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          {name}: <bdi>{name === 'amount' ? sum(Number(value)) : String(value)}</bdi>
        </Fragment>
      ))}
    </span>,
  ];
}
