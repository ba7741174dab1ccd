import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { people } from '../../api/api.ts';
import { type Me, type Scope, scopes } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { wrongIn } from '../../controls/explain.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Table } from '../../controls/table.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { readSession, signOut } from '../../state/session.ts';
import { moment } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** Who one is, one's password, sessions and API tokens. */
export function MePage() {
  return (
    <>
      <Title text={words.value.me.title} />
      <SignedIn>
        {(person) => (
          <div class="columns halves">
            <div class="stack-wide">
              <Myself person={person} />
              <Password />
            </div>
            <div class="stack-wide">
              <Sessions />
              <Tokens />
            </div>
          </div>
        )}
      </SignedIn>
    </>
  );
}

function Myself({ person }: { readonly person: Me }) {
  const { me: text, signIn, signUp, roles, frame } = words.value;
  const { route } = useLocation();
  const leave = async () => {
    await signOut();
    route('/');
  };
  return (
    <section class="card stack">
      <dl class="facts">
        <dt>{signIn.login}</dt>
        <dd>{person.login}</dd>
        <dt>{text.name}</dt>
        <dd>{`${person.first_name} ${person.last_name}`.trim() || '—'}</dd>
        <dt>{signUp.email}</dt>
        <dd>{person.email || '—'}</dd>
        <dt>{text.role}</dt>
        <dd>{roles[person.role]}</dd>
      </dl>
      <div>
        <Button onClick={leave}>{frame.signOut}</Button>
      </div>
    </section>
  );
}

function Password() {
  const { me: text } = words.value;
  const [isDone, setDone] = useState(false);
  const change = useAction(async (form: HTMLFormElement, before: string, after: string) => {
    setDone(false);
    await people.changePassword(before, after);
    form.reset();
    setDone(true);
    await readSession();
  });
  const wrong = wrongIn(change.error, ['old_password', 'new_password']);
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        const { old_password, new_password } = readForm(event, ['old_password', 'new_password']);
        void change.run(event.currentTarget, old_password, new_password);
      }}
    >
      <h2>{text.password}</h2>
      <Field
        label={text.oldPassword}
        name="old_password"
        type="password"
        required
        autocomplete="current-password"
        wrong={wrong.old_password}
      />
      <Field
        label={text.newPassword}
        name="new_password"
        type="password"
        required
        autocomplete="new-password"
        hint={words.value.signUp.passwordHint}
        wrong={wrong.new_password}
      />
      <div>
        <Button type="submit" isBusy={change.isBusy}>
          {text.changePassword}
        </Button>
      </div>
      {Object.keys(wrong).length === 0 && <Failure of={change.error} />}
      {isDone && <Notice kind="good" head={text.passwordChanged} />}
    </form>
  );
}

function Sessions() {
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

/** The last part of what a browser says of itself names it best, more or less. */
function shortAgent(agent: string | undefined): string {
  return (
    agent?.match(/(Firefox|Edg|OPR|Chrome|Safari|curl)\/[\d.]+/)?.[0].replace('Edg/', 'Edge/') ??
    agent?.slice(0, 40) ??
    '—'
  );
}

function Tokens() {
  const { me: text } = words.value;
  const tokens = useLoad(people.tokens, []);
  const [shown, setShown] = useState<string | undefined>(undefined);
  const make = useAction(async (form: HTMLFormElement, name: string, chosen: Scope[]) => {
    const { token } = await people.makeToken(name, chosen);
    setShown(token);
    form.reset();
    await tokens.reload();
  });
  const revoke = useAction(async (id: number) => {
    await people.revokeToken(id);
    await tokens.reload();
  });
  return (
    <section class="card stack">
      <h2>{text.tokens}</h2>
      <Loading of={tokens}>
        {(all) =>
          all.length === 0 ? (
            <p class="soft">{text.noTokens}</p>
          ) : (
            <Table
              label={text.tokens}
              head={[text.tokenName, text.scopes, '']}
              rows={all.map(({ id, name, scopes }) => [
                name,
                <span key="scopes" class="mono">
                  {scopes.join(' ')}
                </span>,
                <button key="revoke" type="button" class="link" onClick={() => void revoke.run(id)}>
                  {text.revoke}
                </button>,
              ])}
            />
          )
        }
      </Loading>
      <Failure of={revoke.error} />
      {shown && (
        <Notice kind="good" head={text.shownOnce}>
          <p class="mono">{shown}</p>
        </Notice>
      )}
      <form
        class="form"
        onSubmit={(event) => {
          const ticked = new FormData(event.currentTarget).getAll('scope');
          const chosen = scopes.filter((scope) => ticked.includes(scope));
          const { name } = readForm(event, ['name']);
          void make.run(event.currentTarget, name, chosen);
        }}
      >
        <Field label={text.tokenName} name="name" required maxLength={100} />
        <fieldset>
          <legend class="label">{text.scopes}</legend>
          {scopes.map((scope) => (
            <label key={scope} class="check mono">
              <input type="checkbox" name="scope" value={scope} /> {scope}
            </label>
          ))}
        </fieldset>
        <div>
          <Button type="submit" isBusy={make.isBusy}>
            {text.makeToken}
          </Button>
        </div>
        <Failure of={make.error} />
      </form>
    </section>
  );
}
