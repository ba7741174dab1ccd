import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import type { BookingAnswer, EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { Title } from '../../controls/title.tsx';
import { amountIn } from '../../controls/typed.ts';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { me } from '../../state/session.ts';
import { amountText, currency } from '../../words/format.ts';
import { reasonText, words } from '../../words/words.ts';
import { UnlessCanceled } from './unless-canceled.tsx';
import { WithAccess } from './with-access.tsx';

/** An organizer books for a person or a guest, free or paid at the desk. */
export function ByHandPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <WithAccess eventId={id} needed="manage">
      {() => (
        <div class="measure">
          <Title text={words.value.byHand.title}>
            <p>
              <a href={`/organize/${id}/people`}>{words.value.attendees.title}</a>
              {' / '}
              <a href={`/organize/${id}`}>{event.value?.event_name ?? '…'}</a>
            </p>
          </Title>
          <Loading of={event}>
            {(value) => (
              <UnlessCanceled event={value}>
                <ByHand event={value} />
              </UnlessCanceled>
            )}
          </Loading>
        </div>
      )}
    </WithAccess>
  );
}

/** The statuses of a settled booking. */
const settled = { complete: 4, canceled: -1 };

const fields = ['whom', 'login', 'guest_name', 'pays', 'amount', 'reference'] as const;
type Form = Record<(typeof fields)[number], string>;

/** The request for what is in the form: only the fields that are shown count. */
function requestOf({ whom, login, guest_name, pays, amount, reference }: Form) {
  return {
    ...(whom === 'guest' ? { guest_name } : { login }),
    ...(pays === 'desk' && { paid: { amount: amountIn('paid.amount', amount), reference } }),
  };
}

function ByHand({ event }: { readonly event: EventDetail }) {
  const { byHand: text } = words.value;
  const [isGuest, setGuest] = useState(true);
  const [isPaid, setPaid] = useState(event.price > 0);
  const [made, setMade] = useState<BookingAnswer | undefined>(undefined);
  const book = useAction(async (form: HTMLFormElement, fields: Form) => {
    setMade(undefined);
    const booking = await organizing.bookByHand(event.id, requestOf(fields));
    setMade(booking);
    if (booking.status === settled.complete) form.reset();
  });
  if (currency.value === undefined) return <div class="skeleton" />;
  const wrong = fieldErrors(book.error, ['login', 'guest_name', 'paid.amount', 'paid.reference']);
  return (
    <div class="stack">
      {made && <Made booking={made} />}
      <form class="form" onSubmit={(submit) => void book.run(submit.currentTarget, readForm(submit, fields))}>
        <Choice
          legend={text.whom}
          name="whom"
          options={{ guest: text.guest, person: text.person }}
          chosen={isGuest ? 'guest' : 'person'}
          onChoose={(chosen) => setGuest(chosen === 'guest')}
        />
        {isGuest ? (
          <Field label={text.guestName} name="guest_name" required maxLength={200} wrong={wrong.guest_name} />
        ) : (
          <Field label={text.login} name="login" required maxLength={100} autocomplete="off" wrong={wrong.login} />
        )}
        <Choice
          legend={text.pays}
          name="pays"
          options={{ free: text.free, desk: text.desk }}
          chosen={isPaid ? 'desk' : 'free'}
          onChoose={(chosen) => setPaid(chosen === 'desk')}
        />
        {isPaid && (
          <div class="pair">
            <Field
              label={text.amount}
              name="amount"
              inputMode="decimal"
              value={event.price > 0 ? amountText(event.price) : ''}
              required
              wrong={wrong['paid.amount']}
            />
            <Field
              label={text.reference}
              name="reference"
              required
              maxLength={200}
              hint={text.referenceHint}
              wrong={wrong['paid.reference']}
            />
          </div>
        )}
        <p class="soft small">{text.hint}</p>
        {Object.keys(wrong).length === 0 && <Failure of={book.error} />}
        <div>
          <Button type="submit" kind="main" isBusy={book.isBusy}>
            {text.book}
          </Button>
        </div>
      </form>
    </div>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly name: string;
  /** The labels, by value. */
  readonly options: Readonly<Record<string, string>>;
  readonly chosen: string;
  readonly onChoose: (value: string) => void;
}

function Choice({ legend, name, options, chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset class="row">
      <legend class="label">{legend}</legend>
      {Object.entries(options).map(([value, label]) => (
        <label key={value} class="check">
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />{' '}
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** The outcome of the booking just made. */
function Made({ booking }: { readonly booking: BookingAnswer }) {
  const { byHand: text, outcome } = words.value;
  if (booking.status === settled.canceled) {
    const { head, hint } = reasonText(booking.reason);
    return (
      <Notice kind="bad" head={head}>
        <p>{hint}</p>
      </Notice>
    );
  }
  if (booking.status !== settled.complete) return <Notice kind="wait" head={outcome.underWay} />;
  return (
    <Notice kind="good" head={text.booked(booking.id)}>
      {booking.user_id === me.value?.id && (
        <p>
          <a href={`/booking/${booking.id}`}>{outcome.toTicket}</a>
        </p>
      )}
    </Notice>
  );
}
