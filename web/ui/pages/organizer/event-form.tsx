import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { events } from '../../api/api.ts';
import type { EventChange, EventDetail, EventForm } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field, SelectField } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { organizers, SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { type Action, useAction } from '../../state/action.ts';
import { now } from '../../state/clock.ts';
import { useLoad } from '../../state/load.ts';
import { browserZone, currency, zoneOf } from '../../words/format.ts';
import { words } from '../../words/words.ts';
import {
  changeOf,
  type EventField,
  type EventFields,
  eventFields,
  fieldsOf,
  formOf,
  type MomentName,
} from './event-fields.ts';
import { type Question, questionsAbout } from './event-questions.ts';
import { MomentField } from './moment-field.tsx';
import { UnlessCanceled } from './unless-canceled.tsx';
import { WithAccess } from './with-access.tsx';

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
          <EventFormView action={create} read={formOf} save={text.createIt} />
        </div>
      )}
    </SignedIn>
  );
}

export function EditEventPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <WithAccess eventId={id} needed="manage">
      {() => <Loading of={event}>{(value) => <EditEvent event={value} />}</Loading>}
    </WithAccess>
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
        <EventFormView action={change} read={(fields) => changeOf(event, fields)} save={text.saveIt} event={event} />
      </UnlessCanceled>
    </div>
  );
}

interface EventFormProps {
  readonly action: Action<[EventFields]>;
  /** Reads the body of the request. @throws Mistyped */
  readonly read: (fields: EventFields) => EventForm | EventChange;
  readonly save: string;
  readonly event?: EventDetail;
}

/** What the person typed, and what is unusual about it. */
interface Asked {
  readonly fields: EventFields;
  readonly questions: readonly Question[];
}

function EventFormView({ action, read, save, event }: EventFormProps) {
  const { organize: text } = words.value;
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const [timeZone, setTimeZone] = useState(() => fieldsOf(event).time_zone);
  if (currency.value === undefined) return <div class="skeleton" />;
  const initial = fieldsOf(event);
  const wrong = fieldErrors(action.error, eventFields);
  const field = (name: EventField) => ({ name, label: text.fields[name], value: initial[name], wrong: wrong[name] });
  const moment = (name: MomentName) => ({ ...field(name), timeZone: zoneOf(timeZone) });
  const taken = event === undefined ? 0 : event.total_slots - event.free_slots;
  const submit = (fields: EventFields) => {
    const unusual = unusualIn(fields, read, event);
    if (unusual.length === 0) void action.run(fields);
    else setAsked({ fields, questions: unusual });
  };
  return (
    <form class="form" onSubmit={(event) => submit(readForm(event, eventFields))}>
      <Field {...field('event_name')} required maxLength={200} />
      <div class="pair">
        <Field {...field('price')} inputMode="decimal" required hint={event && text.priceHint} />
        <Field
          {...field('total_slots')}
          inputMode="numeric"
          required
          hint={taken > 0 ? text.slotsHint(taken) : undefined}
        />
      </div>
      <div class="pair">
        <MomentField {...moment('starts_at')} />
        <Field {...field('venue')} maxLength={200} />
      </div>
      <Field {...field('description')} isLong maxLength={5_000} />
      <fieldset class="form">
        <legend class="label">{text.rules}</legend>
        <div class="pair">
          <MomentField {...moment('sale_opens_at')} hint={text.saleOpensHint} />
          <MomentField {...moment('sale_closes_at')} hint={text.saleClosesHint} />
        </div>
        <div class="pair">
          <MomentField {...moment('cancel_until')} hint={text.cancelUntilHint} />
          <Field {...field('max_per_person')} inputMode="numeric" hint={text.maxHint} />
        </div>
        <SelectField
          {...field('time_zone')}
          value={timeZone}
          options={zoneOptions(initial.time_zone)}
          hint={text.zoneHint}
          onInput={setTimeZone}
        />
      </fieldset>
      {asked && <Unusual asked={asked} save={save} action={action} onClose={() => setAsked(undefined)} />}
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

/** What to ask about before the form is sent; nothing if it cannot be read, because that is an error. */
function unusualIn(fields: EventFields, read: EventFormProps['read'], event: EventDetail | undefined): Question[] {
  try {
    return questionsAbout(read(fields), event, now());
  } catch {
    return [];
  }
}

interface UnusualProps {
  readonly asked: Asked;
  readonly save: string;
  readonly action: Action<[EventFields]>;
  readonly onClose: () => void;
}

/** Asks whether what is unusual is meant. */
function Unusual({ asked, save, action, onClose }: UnusualProps) {
  const { organize: text } = words.value;
  const confirm = {
    ...action,
    async run() {
      await action.run(asked.fields);
      onClose();
    },
  };
  return (
    <Confirm head={text.unusualHead} doIt={save} kind="main" action={confirm} onClose={onClose}>
      <ul>
        {asked.questions.map((question) => (
          <li key={question}>{text.questions[question]}</li>
        ))}
      </ul>
    </Confirm>
  );
}

/** No zone, and all zones that the browser knows, with that of the event and the browser's own. */
function zoneOptions(current: string) {
  const zones = new Set(['UTC', browserZone(), current, ...Intl.supportedValuesOf('timeZone')]);
  const names = [...zones].filter(Boolean).sort();
  const options = names.map((name) => ({ value: name, text: name.replaceAll('_', ' ') }));
  return [{ value: '', text: words.value.organize.noZone }, ...options];
}
