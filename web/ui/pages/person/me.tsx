import { useLocation } from 'preact-iso';
import type { Me } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Failure } from '../../controls/notice.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { signOut } from '../../state/session.ts';
import { words } from '../../words/words.ts';
import { PasswordForm } from './password-form.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

/** The account page: profile, password, sessions and API tokens. */
export function MePage() {
  return (
    <>
      <Title text={words.value.me.title} />
      <SignedIn>
        {(person) => (
          <div class="columns halves">
            <div class="stack-wide">
              <Profile person={person} />
              <PasswordForm login={person.login} />
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

function Profile({ person }: { readonly person: Me }) {
  const { me: text, signIn, signUp, roles, frame } = words.value;
  const { route } = useLocation();
  const leave = useAction(async () => {
    await signOut();
    route('/');
  });
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
        <Button isBusy={leave.isBusy} onClick={() => leave.run()}>
          {frame.signOut}
        </Button>
      </div>
      <Failure of={leave.error} />
    </section>
  );
}
