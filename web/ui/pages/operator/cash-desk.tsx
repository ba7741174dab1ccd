import { useState } from 'preact/hooks';
import { operators } from '../../api/api.ts';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Failure, Notice } from '../../controls/notice.tsx';
import { amountIn } from '../../controls/typed.ts';
import { useAction } from '../../state/action.ts';
import { currency, sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** Credits a person's account, or pays out of it. */
export function CashDesk({ personId }: { readonly personId: number }) {
  const { people: text } = words.value;
  const [done, setDone] = useState<string | undefined>(undefined);
  const move = useAction(async (form: HTMLFormElement, kind: 'credit' | 'payout', delta: string, reference: string) => {
    setDone(undefined);
    const { balance } = await operators.move(kind, personId, amountIn('delta', delta), reference);
    form.reset();
    setDone(text.balanceNow(sum(balance)));
  });
  if (currency.value === undefined) return null;
  const wrong = fieldErrors(move.error, ['delta', 'reference']);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        const kind = (event.submitter as HTMLButtonElement | null)?.value === 'payout' ? 'payout' : 'credit';
        const { delta, reference } = readForm(event, ['delta', 'reference']);
        void move.run(event.currentTarget, kind, delta, reference);
      }}
    >
      <h3>{text.cashDesk}</h3>
      <Field label={text.amount} name="delta" inputMode="decimal" required wrong={wrong.delta} />
      <Field
        label={text.reference}
        name="reference"
        required
        maxLength={200}
        hint={text.referenceHint}
        wrong={wrong.reference}
      />
      <div class="row">
        <button type="submit" class="button" value="credit">
          {text.credit}
        </button>
        <button type="submit" class="button" value="payout">
          {text.payout}
        </button>
      </div>
      {Object.keys(wrong).length === 0 && <Failure of={move.error} />}
      {done && <Notice kind="good" head={done} />}
    </form>
  );
}
