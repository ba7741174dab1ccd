import { useEffect, useState } from 'preact/hooks';
import { operators, peoplePage } from '../../api/api.ts';
import { type PersonItem, type Role, roles } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { wrongIn } from '../../controls/explain.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure, Notice } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { amountIn, amountStep, dateTime, sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { OperateFrame } from './operate-frame.tsx';

/** How long it is waited for another letter before it is searched, in milliseconds. */
const pauseMs = 250;

export function PeoplePage() {
  return <OperateFrame>{<People />}</OperateFrame>;
}

/** People with their roles, and what an admin does for one of them. */
function People() {
  const { people: text } = words.value;
  const [typed, setTyped] = useState('');
  const [sought, setSought] = useState('');
  const [chosen, setChosen] = useState<PersonItem | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => setSought(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const list = useLoad(() => operators.people({ q: sought }), [sought], true);
  const more = useAction(async () => {
    const next = await operators.people({ q: sought, after: list.value?.at(-1)?.id ?? 0 });
    list.put((all) => [...all, ...next]);
  });
  const change = (changed: PersonItem) => {
    setChosen(changed);
    list.put((all) => all.map((each) => (each.id === changed.id ? changed : each)));
  };
  return (
    <div class="columns">
      <div class="stack">
        <Field label={text.find} name="find" type="search" onInput={setTyped} />
        <Loading of={list}>
          {(all) =>
            all.length === 0 ? (
              <Empty head={text.noneFound}>
                <p>{text.noneFoundHint}</p>
              </Empty>
            ) : (
              <PeopleTable all={all} onChoose={setChosen} />
            )
          }
        </Loading>
        {(list.value?.length ?? 0) > 0 && (list.value?.length ?? 0) % peoplePage === 0 && (
          <div>
            <Button isBusy={more.isBusy} onClick={() => more.run()}>
              {text.more}
            </Button>
          </div>
        )}
      </div>
      <aside class="stack">
        {chosen === undefined ? (
          <p class="soft">{text.choose}</p>
        ) : (
          <Chosen key={chosen.id} person={chosen} onChange={change} />
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

interface ChosenProps {
  readonly person: PersonItem;
  readonly onChange: (changed: PersonItem) => void;
}

function Chosen({ person, onChange }: ChosenProps) {
  const { people: text, roles: names } = words.value;
  const [asked, setAsked] = useState<Role | undefined>(undefined);
  const [done, setDone] = useState<string | undefined>(undefined);
  const change = useAction(async (role: Role) => {
    setDone(undefined);
    onChange(await operators.changeRole(person.id, role));
    setAsked(undefined);
    setDone(text.roleNow(person.login, names[role]));
  });
  // Whoever becomes an admin can do all, and whoever was one no longer can: that is no matter of a slip.
  const choose = (role: Role) => {
    change.forget();
    if (role === 'admin' || person.role === 'admin') setAsked(role);
    else void change.run(role);
  };
  return (
    <section class="card stack" aria-live="polite">
      <h2>{person.login}</h2>
      <p class="soft">{person.email}</p>
      <fieldset class="stack">
        <legend class="label">{text.role}</legend>
        {roles.map((role) => (
          <label key={role} class="check">
            <input type="radio" name="role" checked={person.role === role} onChange={() => choose(role)} />{' '}
            {names[role]}
          </label>
        ))}
      </fieldset>
      {asked === undefined && <Failure of={change.error} />}
      {done && <Notice kind="good" head={done} />}
      {asked && (
        <Confirm
          head={text.roleHead(person.login, names[asked])}
          doIt={text.changeRole}
          action={{ ...change, run: () => change.run(asked) }}
          onClose={() => setAsked(undefined)}
        >
          <p>{text.roleHint}</p>
        </Confirm>
      )}
      <CashDesk personId={person.id} />
      <Reset personId={person.id} />
    </section>
  );
}

function CashDesk({ personId }: { readonly personId: number }) {
  const { people: text } = words.value;
  const [done, setDone] = useState<string | undefined>(undefined);
  const move = useAction(async (form: HTMLFormElement, kind: 'credit' | 'payout', delta: number, reference: string) => {
    setDone(undefined);
    const { balance } = await operators.move(kind, personId, delta, reference);
    form.reset();
    setDone(text.balanceNow(sum(balance)));
  });
  const wrong = wrongIn(move.error, ['delta', 'reference']);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        const kind = (event.submitter as HTMLButtonElement | null)?.value === 'payout' ? 'payout' : 'credit';
        const { delta, reference } = readForm(event, ['delta', 'reference']);
        void move.run(event.currentTarget, kind, amountIn(delta), reference);
      }}
    >
      <h3>{text.cashDesk}</h3>
      <Field
        label={text.amount}
        name="delta"
        type="number"
        min={amountStep()}
        step={amountStep()}
        required
        wrong={wrong.delta}
      />
      <Field
        label={text.reference}
        name="reference"
        required
        maxLength={200}
        hint={text.referenceHint}
        wrong={wrong.reference}
      />
      <div class="row">
        <button type="submit" class="button" value="credit">
          {text.credit}
        </button>
        <button type="submit" class="button" value="payout">
          {text.payout}
        </button>
      </div>
      {Object.keys(wrong).length === 0 && <Failure of={move.error} />}
      {done && <Notice kind="good" head={done} />}
    </form>
  );
}

function Reset({ personId }: { readonly personId: number }) {
  const { people: text } = words.value;
  const [issued, setIssued] = useState<{ token: string; expires_at: string } | undefined>(undefined);
  const issue = useAction(async () => setIssued(await operators.issueReset(personId)));
  return (
    <div class="stack">
      <h3>{text.reset}</h3>
      <div>
        <Button isBusy={issue.isBusy} onClick={() => issue.run()}>
          {text.issueReset}
        </Button>
      </div>
      <Failure of={issue.error} />
      {issued && (
        <Notice kind="good" head={text.handOver(dateTime(issued.expires_at))}>
          <p class="mono">{`${location.origin}/reset#token=${encodeURIComponent(issued.token)}`}</p>
        </Notice>
      )}
    </div>
  );
}
