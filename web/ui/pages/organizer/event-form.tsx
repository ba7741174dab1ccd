import { useLocation, useRoute } from 'preact-iso';
import { events } from '../../api/api.ts';
import type { EventDetail } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { organizers, SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { type Action, useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { currency, zone } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import { changeOf, type EventFields, eventFields, fieldsOf, formOf, isMoment } from './event-fields.ts';
import { UnlessCanceled } from './unless-canceled.tsx';

export function NewEventPage() {
  const { organize: text } = words.value;
  const { route } = useLocation();
  const create = useAction(async (fields: EventFields) => {
    const { id } = await events.create(formOf(fields));
    route(`/organize/${id}`);
  });
  return (
    <SignedIn roles={organizers}>
      {() => (
        <div class="measure">
          <Title text={text.newTitle} />
          <EventFormView action={create} save={text.createIt} />
        </div>
      )}
    </SignedIn>
  );
}

export function EditEventPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <SignedIn roles={organizers}>
      {() => <Loading of={event}>{(value) => <EditEvent event={value} />}</Loading>}
    </SignedIn>
  );
}

function EditEvent({ event }: { readonly event: EventDetail }) {
  const { organize: text } = words.value;
  const { route } = useLocation();
  const change = useAction(async (fields: EventFields) => {
    const changed = changeOf(event, fields);
    if (Object.keys(changed).length > 0) await events.change(event.id, changed);
    route(`/organize/${event.id}`);
  });
  return (
    <div class="measure">
      <Title text={text.editTitle}>
        <p class="soft">
          <a href={`/organize/${event.id}`}>{event.event_name}</a>
        </p>
      </Title>
      <UnlessCanceled event={event}>
        <EventFormView action={change} save={text.saveIt} event={event} />
      </UnlessCanceled>
    </div>
  );
}

interface EventFormProps {
  readonly action: Action<[EventFields]>;
  readonly save: string;
  readonly event?: EventDetail;
}

function EventFormView({ action, save, event }: EventFormProps) {
  const { organize: text } = words.value;
  if (currency.value === undefined) return <div class="skeleton" />;
  const now = fieldsOf(event);
  const wrong = fieldErrors(action.error, eventFields);
  const field = (name: keyof EventFields) => ({
    name,
    label: isMoment(name) ? `${text.fields[name]} (${zone()})` : text.fields[name],
    value: now[name],
    wrong: wrong[name],
  });
  const taken = event === undefined ? 0 : event.total_slots - event.free_slots;
  return (
    <form class="form" onSubmit={(submit) => void action.run(readForm(submit, eventFields))}>
      <Field {...field('event_name')} required maxLength={200} />
      <div class="pair">
        <Field {...field('price')} inputMode="decimal" required {...(event && { hint: text.priceHint })} />
        <Field
          {...field('total_slots')}
          inputMode="numeric"
          required
          {...(taken > 0 && { hint: text.slotsHint(taken) })}
        />
      </div>
      <div class="pair">
        <Field {...field('starts_at')} type="datetime-local" />
        <Field {...field('venue')} maxLength={200} />
      </div>
      <Field {...field('description')} isLong maxLength={5_000} />
      <fieldset class="form">
        <legend class="label">{text.rules}</legend>
        <div class="pair">
          <Field {...field('sale_opens_at')} type="datetime-local" hint={text.saleOpensHint} />
          <Field {...field('cancel_until')} type="datetime-local" hint={text.cancelUntilHint} />
        </div>
        <div class="pair">
          <Field {...field('max_per_person')} inputMode="numeric" hint={text.maxHint} />
        </div>
      </fieldset>
      {Object.keys(wrong).length === 0 && <Failure of={action.error} />}
      <div class="row">
        <Button type="submit" kind="main" isBusy={action.isBusy}>
          {save}
        </Button>
        <a href={event ? `/organize/${event.id}` : '/organize'}>{text.back}</a>
      </div>
    </form>
  );
}
