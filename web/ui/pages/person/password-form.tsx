import { useState } from 'preact/hooks';
import { people } from '../../api/api.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Failure, Notice } from '../../controls/notice.tsx';
import { useAction } from '../../state/action.ts';
import { readSession } from '../../state/session.ts';
import { words } from '../../words/words.ts';

export function PasswordForm({ login }: { readonly login: string }) {
  const { me: text } = words.value;
  const [isDone, setDone] = useState(false);
  const change = useAction(async (form: HTMLFormElement, before: string, after: string) => {
    setDone(false);
    await people.changePassword(login, before, after);
    form.reset();
    setDone(true);
    await readSession();
  });
  const wrong = fieldErrors(change.error, ['old_password', 'new_password']);
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
