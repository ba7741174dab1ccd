import { account, events } from '../../api/api.ts';
import type { Page } from '../../api/client.ts';
import type { EventDetail, StatementItem } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Empty, Failure } from '../../controls/notice.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Table } from '../../controls/table.tsx';
import { Title } from '../../controls/title.tsx';
import { amountIn } from '../../controls/typed.ts';
import { useAction } from '../../state/action.ts';
import { newestFirst, useList } from '../../state/load.ts';
import { balance, readBalance } from '../../state/session.ts';
import { change, currency, moment, money, sum } from '../../words/format.ts';
import { words } from '../../words/words.ts';

export function WalletPage() {
  return (
    <>
      <Title text={words.value.wallet.title} />
      <SignedIn>{() => <Wallet />}</SignedIn>
    </>
  );
}

interface Line extends StatementItem {
  readonly event_name: string | undefined;
}

/** A page of a person's transfers, with the names of the events. Without the names, the lines show the events' ids. */
async function readStatement(after: number): Promise<Page<Line>> {
  const { items, next } = await account.history(after);
  const ids = items.flatMap(({ event_id }) => event_id ?? []);
  const byId = await events.named(ids).catch(() => new Map<number, EventDetail>());
  const nameOf = (id: number | undefined) => (id === undefined ? undefined : byId.get(id)?.event_name);
  return { items: items.map((item) => ({ ...item, event_name: nameOf(item.event_id) })), next };
}

function Wallet() {
  const { wallet: text } = words.value;
  const statement = useList(readStatement, []);
  const onTopUp = async () => {
    await Promise.all([readBalance(), statement.reload()]);
  };
  return (
    <div class="columns">
      <aside class="stack second">
        <dl class="card stat">
          <dt>{text.balance}</dt>
          <dd>{balance.value === undefined ? '…' : sum(balance.value)}</dd>
        </dl>
        <TopUpForm onDone={onTopUp} />
      </aside>
      <div class="stack">
        <h2>{text.statement}</h2>
        <Loading of={statement} isList>
          {(lines) =>
            lines.length === 0 ? (
              <Empty head={text.none}>
                <p>{text.noneHint}</p>
              </Empty>
            ) : (
              <Table
                label={text.statement}
                head={[
                  text.when,
                  text.what,
                  { text: text.amountHead, isNumber: true },
                  { text: text.after, isNumber: true },
                ]}
                rows={newestFirst(lines).map((item) => [
                  moment(item.at),
                  describe(item),
                  change(item.amount),
                  money(item.balance),
                ])}
              />
            )
          }
        </Loading>
      </div>
    </div>
  );
}

function describe(item: Line) {
  const { wallet: text, bookings } = words.value;
  const kind = text.kinds[item.kind];
  const eventId = item.event_id;
  const name = eventId === undefined ? item.reference : (item.event_name ?? bookings.eventOf(eventId));
  if (name === undefined) return kind;
  return (
    <>
      {kind}: <bdi>{item.booking_id === undefined ? name : <a href={`/booking/${item.booking_id}`}>{name}</a>}</bdi>
    </>
  );
}

function TopUpForm({ onDone }: { readonly onDone: () => Promise<void> }) {
  const { wallet: text } = words.value;
  const topUp = useAction(async (form: HTMLFormElement, delta: string) => {
    await account.topUp(amountIn('delta', delta));
    form.reset();
    await onDone();
  });
  if (currency.value === undefined) return null;
  const wrong = fieldErrors(topUp.error, ['delta']);
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        const { delta } = readForm(event, ['delta']);
        void topUp.run(event.currentTarget, delta);
      }}
    >
      <Field label={text.amount} name="delta" inputMode="decimal" required hint={text.demo} wrong={wrong.delta} />
      <Button type="submit" isBusy={topUp.isBusy}>
        {text.topUp}
      </Button>
      {wrong.delta === undefined && <Failure of={topUp.error} />}
    </form>
  );
}
