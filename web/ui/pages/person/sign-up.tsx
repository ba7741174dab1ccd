import { useLocation } from 'preact-iso';
import { people } from '../../api/api.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Failure } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { readSession } from '../../state/session.ts';
import { words } from '../../words/words.ts';
import { wayBack } from './sign-in.tsx';

const names = ['login', 'password', 'email', 'first_name', 'last_name'] as const;

export function SignUpPage() {
  const { signUp, signIn } = words.value;
  const { query, route } = useLocation();
  const action = useAction(async (form: Record<(typeof names)[number], string>) => {
    await people.signUp(form);
    await readSession();
    route(wayBack(query));
  });
  const wrong = fieldErrors(action.error, names);
  return (
    <div class="narrow">
      <Title text={signUp.title} />
      <form class="form" onSubmit={(event) => void action.run(readForm(event, names))}>
        {Object.keys(wrong).length === 0 && <Failure of={action.error} />}
        <Field label={signIn.login} name="login" required autocomplete="username" maxLength={100} wrong={wrong.login} />
        <Field
          label={signIn.password}
          name="password"
          type="password"
          required
          autocomplete="new-password"
          hint={signUp.passwordHint}
          wrong={wrong.password}
        />
        <div class="pair">
          <Field
            label={signUp.firstName}
            name="first_name"
            autocomplete="given-name"
            maxLength={100}
            wrong={wrong.first_name}
          />
          <Field
            label={signUp.lastName}
            name="last_name"
            autocomplete="family-name"
            maxLength={100}
            wrong={wrong.last_name}
          />
        </div>
        <Field
          label={signUp.email}
          name="email"
          type="email"
          autocomplete="email"
          maxLength={254}
          wrong={wrong.email}
        />
        <Button type="submit" kind="main" isBusy={action.isBusy}>
          {signUp.go}
        </Button>
        <p>
          {signUp.haveAccount} <a href={`/sign-in?to=${encodeURIComponent(wayBack(query))}`}>{signIn.go}</a>
        </p>
      </form>
    </div>
  );
}
