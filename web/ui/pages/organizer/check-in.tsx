import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events, organizing } from '../../api/api.ts';
import { Refused } from '../../api/client.ts';
import type { CheckedIn } from '../../api/shapes.ts';
import { Button } from '../../controls/button.tsx';
import { Failure, Notice } from '../../controls/notice.tsx';
import { organizers, SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { useAction } from '../../state/action.ts';
import { useLoad } from '../../state/load.ts';
import { words } from '../../words/words.ts';
import { CheckInNotice } from './check-in-notice.tsx';
import { canScan, Scanner } from './scanner.tsx';
import { UnlessCanceled } from './unless-canceled.tsx';

/** Checks in tickets by a typed code, a barcode scanner that types, or the camera. */
export function CheckInPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <SignedIn roles={organizers}>
      {() => (
        <div class="measure">
          <Title text={words.value.checkIn.title}>
            <p>
              <a href={`/organize/${id}`}>{event.value?.event_name ?? '…'}</a>
            </p>
          </Title>
          <UnlessCanceled event={event.value}>
            <CheckIn eventId={id} />
          </UnlessCanceled>
        </div>
      )}
    </SignedIn>
  );
}

function CheckIn({ eventId }: { readonly eventId: number }) {
  const { checkIn: text } = words.value;
  const [last, setLast] = useState<CheckedIn | undefined>(undefined);
  const [isScanning, setScanning] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const checkIn = useAction(async (code: string) => {
    setLast(undefined);
    setLast(await organizing.checkIn(eventId, { code }));
  });
  const take = async (code: string) => {
    if (code === '') return;
    await checkIn.run(code);
    if (input.current !== null) input.current.value = '';
    if (!isScanning) input.current?.focus();
  };
  const isUnknown = checkIn.error instanceof Refused && checkIn.error.status === 404;
  return (
    <div class="stack">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void take(input.current?.value.trim() ?? '');
        }}
      >
        <div class="field">
          <label for="code">{text.code}</label>
          <input
            ref={input}
            id="code"
            class="mono"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            required
          />
        </div>
        <Button type="submit" kind="main" isBusy={checkIn.isBusy}>
          {text.checkIn}
        </Button>
        {canScan && (
          <Button onClick={() => setScanning(!isScanning)}>{isScanning ? text.stopScanning : text.scan}</Button>
        )}
      </form>
      {isScanning && <Scanner onCode={(code) => void take(code)} label={text.camera} />}
      {last && <CheckInNotice of={last} />}
      {isUnknown ? (
        <Notice kind="bad" head={text.unknown}>
          <p>
            {text.unknownHint} <a href={`/organize/${eventId}/people`}>{words.value.attendees.title}</a>
          </p>
        </Notice>
      ) : (
        <Failure of={checkIn.error} />
      )}
      <p class="soft small">{text.hint}</p>
    </div>
  );
}
