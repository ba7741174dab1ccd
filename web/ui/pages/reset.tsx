import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { people } from '../api/api.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Failure, Notice } from '../parts/notice.tsx';
import { Title } from '../parts/title.tsx';
import { useAction } from '../state/action.ts';
import { words } from '../words/words.ts';

/** Where somebody who has forgotten a password sets another, with what an admin has handed out. */
export function ResetPage() {
  const { me: text, signIn, signUp } = words.value;
  const { query } = useLocation();
  const [isDone, setDone] = useState(false);
  const reset = useAction(async (token: string, password: string) => {
    await people.setPassword(token, password);
    setDone(true);
  });
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
          <Failure of={reset.error} />
          <Field label={text.resetToken} name="token" required value={query.token ?? ''} hint={text.resetHint} />
          <Field
            label={text.newPassword}
            name="new_password"
            type="password"
            required
            autocomplete="new-password"
            hint={signUp.passwordHint}
          />
          <Button type="submit" kind="main" isBusy={reset.isBusy}>
            {text.changePassword}
          </Button>
        </form>
      )}
    </div>
  );
}
