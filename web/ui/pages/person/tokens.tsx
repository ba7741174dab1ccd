import { useState } from 'preact/hooks';
import { people } from '../../api/api.ts';
import { Unreachable } from '../../api/client.ts';
import { type Scope, scopes, type Token } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { words } from '../../words/words.ts';

/** A person's API tokens. */
export function Tokens() {
  const { me: text } = words.value;
  const tokens = useLoad(people.tokens, []);
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
            <TokenTable all={all} onRevoke={(id) => void revoke.run(id)} />
          )
        }
      </Loading>
      <Failure of={revoke.error} />
      <TokenForm onCreated={tokens.reload} />
    </section>
  );
}

interface TokenTableProps {
  readonly all: readonly Token[];
  readonly onRevoke: (id: number) => void;
}

function TokenTable({ all, onRevoke }: TokenTableProps) {
  const { me: text } = words.value;
  return (
    <Table
      label={text.tokens}
      head={[text.tokenName, text.scopes, '']}
      rows={all.map(({ id, name, scopes }) => [
        name,
        <span key="scopes" class="mono">
          {scopes.join(' ')}
        </span>,
        <button key="revoke" type="button" class="link" onClick={() => onRevoke(id)}>
          {text.revoke}
        </button>,
      ])}
    />
  );
}

/** Creates a token and shows it once: the server stores only its hash. */
function TokenForm({ onCreated }: { readonly onCreated: () => Promise<void> }) {
  const { me: text } = words.value;
  const [created, setCreated] = useState<string | undefined>(undefined);
  const create = useAction(async (form: HTMLFormElement, name: string, chosen: Scope[]) => {
    setCreated(undefined);
    try {
      const { token } = await people.makeToken(name, chosen);
      setCreated(token);
      form.reset();
    } finally {
      // After a lost answer the list shows whether there is a token that no one has seen.
      await onCreated();
    }
  });
  const isLost = create.error instanceof Unreachable;
  return (
    <>
      {created && (
        <Notice kind="good" head={text.shownOnce}>
          <p class="mono">{created}</p>
        </Notice>
      )}
      <form
        class="form"
        onSubmit={(event) => {
          const ticked = new FormData(event.currentTarget).getAll('scope');
          const chosen = scopes.filter((scope) => ticked.includes(scope));
          const { name } = readForm(event, ['name']);
          void create.run(event.currentTarget, name, chosen);
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
          <Button type="submit" isBusy={create.isBusy}>
            {text.makeToken}
          </Button>
        </div>
        <Failure of={create.error} />
        {isLost && <p>{text.tokenLost}</p>}
      </form>
    </>
  );
}
