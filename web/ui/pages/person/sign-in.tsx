import { useLocation } from 'preact-iso';
import { people } from '../../api/api.ts';
import { Refused } from '../../api/client.ts';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Failure, Notice } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { readSession } from '../../state/session.ts';
import { words } from '../../words/words.ts';

/** The page to return to. Only an address on this origin is accepted: this prevents open redirects. */
export function wayBack(query: Record<string, string>): string {
  const { to = '/' } = query;
  return /^\/(?![/\\])/.test(to) ? to : '/';
}

export function SignInPage() {
  const { signIn } = words.value;
  const { query, route } = useLocation();
  const action = useAction(async (login: string, password: string) => {
    await people.signIn(login, password);
    await readSession();
    route(wayBack(query));
  });
  const isWrong = action.error instanceof Refused && action.error.status === 401;
  return (
    <div class="narrow">
      <Title text={signIn.title} />
      <form
        class="form"
        onSubmit={(event) => {
          const { login, password } = readForm(event, ['login', 'password']);
          void action.run(login, password);
        }}
      >
        {isWrong ? <Notice kind="bad" head={signIn.wrong} /> : <Failure of={action.error} />}
        <Field label={signIn.login} name="login" required autocomplete="username" maxLength={100} />
        <Field label={signIn.password} name="password" type="password" required autocomplete="current-password" />
        <Button type="submit" kind="main" isBusy={action.isBusy}>
          {signIn.go}
        </Button>
        <p>
          {signIn.noAccount} <a href={`/sign-up?to=${encodeURIComponent(wayBack(query))}`}>{signIn.toSignUp}</a>
        </p>
      </form>
    </div>
  );
}
