import { useState } from 'preact/hooks';
import { operators } from '../../api/api.ts';
import { type PersonItem, type Role, roles } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { isolated } from '../../controls/isolated.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { useAction } from '../../state/action.ts';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { CashDesk } from './cash-desk.tsx';

interface PersonPanelProps {
  readonly person: PersonItem;
  readonly onChange: (changed: PersonItem) => void;
}

/** What an admin can do for a person: change the role, move money, reset the password. */
export function PersonPanel({ person, onChange }: PersonPanelProps) {
  return (
    <section class="card stack" aria-live="polite">
      <h2>{person.login}</h2>
      <p class="soft">{person.email}</p>
      <RoleChoice person={person} onChange={onChange} />
      <CashDesk personId={person.id} />
      <ResetLink personId={person.id} />
    </section>
  );
}

function RoleChoice({ person, onChange }: PersonPanelProps) {
  const { people: text, roles: names } = words.value;
  const [asked, setAsked] = useState<Role | undefined>(undefined);
  const [done, setDone] = useState<Role | undefined>(undefined);
  const change = useAction(async (role: Role) => {
    setDone(undefined);
    onChange(await operators.changeRole(person.id, role));
    setAsked(undefined);
    setDone(role);
  });
  // An admin has full access, so giving or taking this role needs a confirmation.
  const choose = (role: Role) => {
    change.forget();
    if (role === 'admin' || person.role === 'admin') setAsked(role);
    else void change.run(role);
  };
  return (
    <>
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
      {done && <Notice kind="good" head={isolated((login) => text.roleNow(login, names[done]), person.login)} />}
      {asked && (
        <Confirm
          head={isolated((login) => text.roleHead(login, names[asked]), person.login)}
          doIt={text.changeRole}
          action={{ ...change, run: () => change.run(asked) }}
          onClose={() => setAsked(undefined)}
        >
          <p>{text.roleHint}</p>
        </Confirm>
      )}
    </>
  );
}

function ResetLink({ personId }: { readonly personId: number }) {
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
