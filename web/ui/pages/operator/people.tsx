import { useState } from 'preact/hooks';
import { operators } from '../../api/api.ts';
import type { PersonItem } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { useSearch } from '../../state/search.ts';
import { words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';
import { PersonPanel } from './person-panel.tsx';

export function PeoplePage() {
  return <OperateFrame>{<People />}</OperateFrame>;
}

function People() {
  const { people: text } = words.value;
  const [search, onSearch] = useSearch();
  const [chosen, setChosen] = useState<PersonItem | undefined>(undefined);
  const list = useLoad(() => operators.people({ q: search }), [search], true);
  const more = useAction(async () => {
    const { items, next } = await operators.people({ q: search, after: list.value?.next ?? 0 });
    list.put((before) => ({ items: [...before.items, ...items], next }));
  });
  const change = (changed: PersonItem) => {
    setChosen(changed);
    const items = (all: readonly PersonItem[]) => all.map((each) => (each.id === changed.id ? changed : each));
    list.put((before) => ({ ...before, items: items(before.items) }));
  };
  return (
    <div class="columns">
      <div class="stack">
        <Field label={text.find} name="find" type="search" onInput={onSearch} />
        <Loading of={list}>
          {({ items: all }) =>
            all.length === 0 ? (
              <Empty head={text.noneFound}>
                <p>{text.noneFoundHint}</p>
              </Empty>
            ) : (
              <PeopleTable all={all} onChoose={setChosen} />
            )
          }
        </Loading>
        {list.value?.next !== undefined && (
          <div>
            <Button isBusy={more.isBusy} onClick={() => more.run()}>
              {text.more}
            </Button>
          </div>
        )}
        <Failure of={more.error} />
      </div>
      <aside class="stack">
        {chosen === undefined ? (
          <p class="soft">{text.choose}</p>
        ) : (
          <PersonPanel key={chosen.id} person={chosen} onChange={change} />
        )}
      </aside>
    </div>
  );
}

interface PeopleTableProps {
  readonly all: readonly PersonItem[];
  readonly onChoose: (person: PersonItem) => void;
}

function PeopleTable({ all, onChoose }: PeopleTableProps) {
  const { people: text, roles: names } = words.value;
  return (
    <Table
      label={text.title}
      head={['#', text.login, text.name, text.role]}
      rows={all.map((person) => [
        person.id,
        <button key="login" type="button" class="link" onClick={() => onChoose(person)}>
          {person.login}
        </button>,
        `${person.first_name} ${person.last_name}`.trim(),
        person.role === 'person' ? '' : <span class="badge">{names[person.role]}</span>,
      ])}
    />
  );
}
