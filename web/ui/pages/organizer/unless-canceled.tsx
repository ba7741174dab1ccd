import type { ComponentChildren } from 'preact';
import type { EventDetail } from '../../api/shapes.ts';
import { Notice } from '../../controls/notice.tsx';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';

interface UnlessCanceledProps {
  /** Not known yet, it is taken to stand. */
  readonly event: EventDetail | undefined;
  readonly children: ComponentChildren;
}

/** What there is to do for an event that stands. Of a canceled one it says that it is, and offers nothing. */
export function UnlessCanceled({ event, children }: UnlessCanceledProps) {
  const { event: text } = words.value;
  if (event?.cancellation === undefined) return <>{children}</>;
  return <Notice kind="bad" head={text.canceled(dateTime(event.cancellation.canceled_at))} />;
}
