import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { events } from '../../api/api.ts';
import { Button } from '../../controls/button.tsx';
import { Title } from '../../controls/title.tsx';
import { useCheckIns } from '../../state/check-ins.ts';
import { useLoad } from '../../state/load.ts';
import { words } from '../../words/words.ts';
import { ScanList } from './scan-list.tsx';
import { canScan, Scanner } from './scanner.tsx';
import { UnlessCanceled } from './unless-canceled.tsx';
import { WithAccess } from './with-access.tsx';

/** Checks in tickets by a typed code, a barcode scanner that types, or the camera. */
export function CheckInPage() {
  const id = Number(useRoute().params.id);
  const event = useLoad(() => events.one(id), [id]);
  return (
    <WithAccess eventId={id} needed="scan">
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
    </WithAccess>
  );
}

function CheckIn({ eventId }: { readonly eventId: number }) {
  const { checkIn: text } = words.value;
  const [isScanning, setScanning] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const checkIns = useCheckIns(eventId);
  // The field is emptied at once, so that the next code can be typed before this one is answered.
  const take = () => {
    if (input.current === null) return;
    const code = input.current.value.trim();
    input.current.value = '';
    if (code !== '') checkIns.add({ code });
    if (!isScanning) input.current.focus();
  };
  return (
    <div class="stack">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          take();
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
        <Button type="submit" kind="main">
          {text.checkIn}
        </Button>
        {canScan && (
          <Button onClick={() => setScanning(!isScanning)}>{isScanning ? text.stopScanning : text.scan}</Button>
        )}
      </form>
      {isScanning && <Scanner onCode={(code) => checkIns.add({ code })} label={text.camera} />}
      <ScanList of={checkIns} eventId={eventId} most={20} />
      <p class="soft small">{text.hint}</p>
    </div>
  );
}
