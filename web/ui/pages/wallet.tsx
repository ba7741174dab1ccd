import { account } from '../api/api.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Failure, Notice } from '../parts/notice.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { Title } from '../parts/title.tsx';
import { useAction } from '../state/action.ts';
import { balance } from '../state/session.ts';
import { money } from '../words/format.ts';
import { words } from '../words/words.ts';

export function WalletPage() {
  return (
    <>
      <Title text={words.value.wallet.title} />
      <SignedIn>{() => <Wallet />}</SignedIn>
    </>
  );
}

function Wallet() {
  const { wallet: text } = words.value;
  return (
    <div class="columns">
      <div class="stack" />
      <aside class="stack">
        <dl class="card figure">
          <dt>{text.balance}</dt>
          <dd>{balance.value === undefined ? '…' : money(balance.value)}</dd>
        </dl>
        <TopUpForm />
      </aside>
    </div>
  );
}

function TopUpForm() {
  const { wallet: text } = words.value;
  const topUp = useAction(async (delta: number) => {
    balance.value = await account.topUp(delta);
  });
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        const form = event.currentTarget;
        const { delta } = readForm(event, ['delta']);
        void topUp.run(Number(delta)).then(() => form.reset());
      }}
    >
      <Field label={text.amount} name="delta" type="number" inputMode="numeric" min={1} required />
      <Button type="submit" isBusy={topUp.isBusy}>
        {text.topUp}
      </Button>
      <Failure of={topUp.error} />
      <Notice kind="plain">
        <p class="small">{text.demo}</p>
      </Notice>
    </form>
  );
}
