import type { CheckedIn } from '../../api/shapes.ts';
import { isolated } from '../../controls/isolated.tsx';
import { Notice } from '../../controls/notice.tsx';
import { moment } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** The result of a check-in. A repeated check-in shows the time of the first one. */
export function CheckInNotice({ of }: { readonly of: CheckedIn }) {
  const { checkIn: text } = words.value;
  const name = `${of.person.first_name} ${of.person.last_name}`.trim() || of.person.login;
  if (of.is_first) return <Notice kind="good" head={isolated((guest) => text.admitted(of.booking_id, guest), name)} />;
  return (
    <Notice kind="bad" head={isolated((guest) => text.again(of.booking_id, guest), name)}>
      <p>{text.firstAt(moment(of.checked_in_at))}</p>
    </Notice>
  );
}
