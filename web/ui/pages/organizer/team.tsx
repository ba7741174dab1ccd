import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import { type Access, accesses, type EventTeam } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Confirm } from '../../controls/confirm.tsx';
import { fieldErrors } from '../../controls/error-text.ts';
import { Field } from '../../controls/field.tsx';
import { readForm } from '../../controls/form.ts';
import { Loading } from '../../controls/loading.tsx';
import { Failure } from '../../controls/notice.tsx';
import { Table } from '../../controls/table.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { type Loaded, useLoad } from '../../state/load.ts';
import { mayOperate, me } from '../../state/session.ts';
import { words } from '../../words/words.ts';
import { WithAccess } from './with-access.tsx';

/** The people who run an event: its organizer and the helpers. */
export function TeamPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <WithAccess eventId={id} needed="manage">
      {() => (
        <div class="measure">
          <Title text={words.value.team.title}>
            <p>
              <a href={`/organize/${id}`}>{event.value?.event_name ?? '…'}</a>
            </p>
          </Title>
          <Team eventId={id} />
        </div>
      )}
    </WithAccess>
  );
}

function Team({ eventId }: { readonly eventId: number }) {
  const team = useLoad(() => organizing.team(eventId), [eventId]);
  return (
    <Loading of={team}>
      {(value) => (
        <div class="stack-wide">
          <Members eventId={eventId} team={value} loaded={team} />
          <HelperForm eventId={eventId} loaded={team} />
          {(me.value?.id === value.organizer.user_id || mayOperate(me.value)) && <HandOver eventId={eventId} />}
        </div>
      )}
    </Loading>
  );
}

interface MembersProps {
  readonly eventId: number;
  readonly team: EventTeam;
  readonly loaded: Loaded<EventTeam>;
}

function Members({ eventId, team: { organizer, helpers }, loaded }: MembersProps) {
  const { team: text } = words.value;
  const remove = useAction(async (userId: number) => {
    const changed = await organizing.removeHelper(eventId, userId);
    loaded.put(() => changed);
  });
  const name = (person: EventTeam['organizer']) => `${person.first_name} ${person.last_name}`.trim();
  return (
    <section class="stack">
      <Table
        label={text.title}
        head={[text.login, text.name, text.may, '']}
        rows={[
          [organizer.login, name(organizer), text.organizer, ''],
          ...helpers.map((helper) => [
            helper.login,
            name(helper),
            text.accesses[helper.access],
            <button key="remove" type="button" class="link" onClick={() => void remove.run(helper.user_id)}>
              {text.remove}
              <bdi class="visually-hidden"> {helper.login}</bdi>
            </button>,
          ]),
        ]}
      />
      <Failure of={remove.error} />
    </section>
  );
}

function HelperForm({ eventId, loaded }: Omit<MembersProps, 'team'>) {
  const { team: text } = words.value;
  const add = useAction(async (form: HTMLFormElement, login: string, access: Access) => {
    const changed = await organizing.setHelper(eventId, login, access);
    form.reset();
    loaded.put(() => changed);
  });
  const wrong = fieldErrors(add.error, ['login']);
  return (
    <form
      class="form card"
      onSubmit={(event) => {
        const { login, access } = readForm(event, ['login', 'access']);
        void add.run(event.currentTarget, login, access === 'manage' ? 'manage' : 'scan');
      }}
    >
      <h2>{text.addTitle}</h2>
      <Field label={text.login} name="login" required maxLength={100} autocomplete="off" wrong={wrong.login} />
      <fieldset class="stack">
        <legend class="label">{text.may}</legend>
        {accesses.map((access) => (
          <label key={access} class="check">
            <input type="radio" name="access" value={access} defaultChecked={access === 'scan'} />{' '}
            {text.accesses[access]}
          </label>
        ))}
      </fieldset>
      <div>
        <Button type="submit" isBusy={add.isBusy}>
          {text.add}
        </Button>
      </div>
      {wrong.login === undefined && <Failure of={add.error} />}
    </form>
  );
}

/** Hands the event to another organizer, after a confirmation: the person keeps no access. */
function HandOver({ eventId }: { readonly eventId: number }) {
  const { team: text } = words.value;
  const { route } = useLocation();
  const [login, setLogin] = useState<string | undefined>(undefined);
  const handOver = useAction(async (to: string) => {
    await organizing.handOver(eventId, to);
    route(mayOperate(me.value) ? `/organize/${eventId}` : '/organize');
  });
  return (
    <form
      class="form card"
      onSubmit={(event) => {
        handOver.forget();
        setLogin(readForm(event, ['next']).next);
      }}
    >
      <h2>{text.handOverTitle}</h2>
      <p class="soft">{text.handOverHint}</p>
      <Field label={text.nextOrganizer} name="next" required maxLength={100} autocomplete="off" />
      <div>
        <Button type="submit">{text.handOver}</Button>
      </div>
      {login !== undefined && (
        <Confirm
          head={text.handOverHead}
          doIt={text.handOver}
          action={{ ...handOver, run: () => handOver.run(login) }}
          onClose={() => setLogin(undefined)}
        >
          <p>
            <bdi>{login}</bdi>
          </p>
          <p>{text.handOverWarning}</p>
        </Confirm>
      )}
    </form>
  );
}
