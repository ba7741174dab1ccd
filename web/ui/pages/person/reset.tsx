import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { people } from '../../api/api.ts';
import { Refused } from '../../api/client.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Failure, Notice } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { words } from '../../words/words.ts';

/**
 * The token of a reset link. It is in the fragment, which browsers do not send, so no log contains it. Links made by
 * earlier versions have it in the query.
 */
const tokenIn = (hash: string, query: Readonly<Record<string, string>>) =>
  new URLSearchParams(hash.slice(1)).get('token') ?? query.token ?? '';

/** Sets a new password with a reset link that an admin created. */
export function ResetPage() {
  const { query } = useLocation();
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    // A new fragment does not reload the page.
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const token = tokenIn(hash, query);
  return <SetPassword key={token} given={token} />;
}

function SetPassword({ given }: { readonly given: string }) {
  const { me: text, signIn, signUp } = words.value;
  const [isDone, setDone] = useState(false);
  const reset = useAction(async (token: string, password: string) => {
    await people.setPassword(token, password);
    setDone(true);
  });
  const wrong = fieldErrors(reset.error, ['new_password']);
  // The token may have been spent by an earlier try whose answer was lost.
  const isSpent = reset.error instanceof Refused && reset.error.problem?.reason === 'token_spent';
  return (
    <div class="narrow">
      <Title text={text.resetTitle} />
      {isDone ? (
        <Notice kind="good" head={text.passwordChanged}>
          <p>
            <a href="/sign-in">{signIn.go}</a>
          </p>
        </Notice>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            const { token, new_password } = readForm(event, ['token', 'new_password']);
            void reset.run(token, new_password);
          }}
        >
          {wrong.new_password === undefined && <Failure of={reset.error} />}
          {isSpent && (
            <p>
              <a href="/sign-in">{signIn.go}</a>
            </p>
          )}
          <Field label={text.resetToken} name="token" required value={given} hint={text.resetHint} />
          <Field
            label={text.newPassword}
            name="new_password"
            type="password"
            required
            autocomplete="new-password"
            hint={signUp.passwordHint}
            wrong={wrong.new_password}
          />
          <Button type="submit" kind="main" isBusy={reset.isBusy}>
            {text.changePassword}
          </Button>
        </form>
      )}
    </div>
  );
}
