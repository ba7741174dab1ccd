import { useLocation } from 'preact-iso';
import { people } from '../../api/api.ts';
import { Button } from '../../controls/button.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { readSession } from '../../state/session.ts';
import { moment } from '../../words/format.ts';
import { words } from '../../words/words.ts';

export function Sessions() {
  const { me: text } = words.value;
  const { route } = useLocation();
  const sessions = useLoad(people.sessions, []);
  const endAll = useAction(async () => {
    await people.signOutEverywhere();
    await readSession();
    route('/sign-in');
  });
  return (
    <section class="card stack">
      <h2>{text.sessions}</h2>
      <Loading of={sessions}>
        {(all) => (
          <Table
            label={text.sessions}
            head={[text.browser, text.lastUsed]}
            rows={all.map(({ user_agent, last_used_at, current }) => [
              <>
                {shortAgent(user_agent)} {current && <span class="badge good">{text.current}</span>}
              </>,
              moment(last_used_at),
            ])}
          />
        )}
      </Loading>
      <div>
        <Button kind="bad" isBusy={endAll.isBusy} onClick={() => endAll.run()}>
          {text.endAll}
        </Button>
      </div>
      <Failure of={endAll.error} />
    </section>
  );
}

/** The browser and its version, from a User-Agent header. */
function shortAgent(agent: string | undefined): string {
  return (
    agent?.match(/(Firefox|Edg|OPR|Chrome|Safari|curl)\/[\d.]+/)?.[0].replace('Edg/', 'Edge/') ??
    agent?.slice(0, 40) ??
    '—'
  );
}
