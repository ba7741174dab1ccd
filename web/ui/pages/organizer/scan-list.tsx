import { kindOf, Refused } from '../../api/client.ts';
import type { CheckedIn } from '../../api/shapes.ts';
import { explain } from '../../controls/error-text.ts';
import { isolated } from '../../controls/isolated.tsx';
import { Notice } from '../../controls/notice.tsx';
import type { Scan } from '../../state/check-in-queue.ts';
import type { CheckIns } from '../../state/check-ins.ts';
import { moment } from '../../words/format.ts';
import { words } from '../../words/words.ts';

interface ScanListProps {
  readonly of: CheckIns;
  readonly eventId: number;
  /** The maximum number of answered scans that are shown. */
  readonly most: number;
}

/** The scans that wait and the answers to the others, the newest first. */
export function ScanList({ of: { scans, isLost }, eventId, most }: ScanListProps) {
  const { checkIn: text } = words.value;
  const waiting = scans.filter(({ outcome }) => outcome === undefined);
  const answered = scans.filter(({ outcome }) => outcome !== undefined).slice(0, most);
  return (
    <>
      {isLost && (
        <Notice kind="wait" head={text.lost}>
          <p>{text.waiting(waiting.length)}</p>
        </Notice>
      )}
      {waiting.map((scan) => (
        <p key={scan.id} class="soft">
          {text.checking} <Shown of={scan} />
        </p>
      ))}
      {answered.map((scan) => (
        <Answer key={scan.id} of={scan} eventId={eventId} />
      ))}
    </>
  );
}

/** What was scanned. */
function Shown({ of: { guest } }: { readonly of: Scan }) {
  if ('code' in guest) return <span class="mono">{guest.code}</span>;
  return <>{`${words.value.attendees.booking} ${guest.booking_id}`}</>;
}

function Answer({ of: scan, eventId }: { readonly of: Scan; readonly eventId: number }) {
  const { checkIn: text } = words.value;
  const { guest, outcome } = scan;
  if (outcome === undefined) return null;
  if ('done' in outcome) return <CheckInNotice of={outcome.done} />;
  const isUnknown = outcome.error instanceof Refused && kindOf(outcome.error) === 'not_found' && 'code' in guest;
  const { head, hint } = explain(outcome.error);
  return (
    <Notice kind="bad" head={isUnknown ? text.unknown : head}>
      {isUnknown ? (
        <p>
          {text.unknownHint} <a href={`/organize/${eventId}/people`}>{words.value.attendees.title}</a>
        </p>
      ) : (
        hint && <p>{hint}</p>
      )}
      <p class="soft small">
        <Shown of={scan} />
      </p>
    </Notice>
  );
}

/** The result of a check-in. A repeated check-in shows the time of the first one. */
function CheckInNotice({ of }: { readonly of: CheckedIn }) {
  const { checkIn: text } = words.value;
  const name = of.guest_name ?? (`${of.person.first_name} ${of.person.last_name}`.trim() || of.person.login);
  if (of.is_first) return <Notice kind="good" head={isolated((guest) => text.admitted(of.booking_id, guest), name)} />;
  return (
    <Notice kind="bad" head={isolated((guest) => text.again(of.booking_id, guest), name)}>
      <p>{text.firstAt(moment(of.checked_in_at))}</p>
    </Notice>
  );
}
