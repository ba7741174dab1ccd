import type { ComponentChildren } from 'preact';
import type { EventDetail } from '../../api/shapes.ts';
import { Notice } from '../../controls/notice.tsx';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';

interface UnlessCanceledProps {
  /** Undefined while the event is loading. The content is shown then. */
  readonly event: EventDetail | undefined;
  readonly children: ComponentChildren;
}

/** Shows its content, or a notice if the event is canceled. */
export function UnlessCanceled({ event, children }: UnlessCanceledProps) {
  const { event: text } = words.value;
  if (event?.cancellation === undefined) return <>{children}</>;
  return <Notice kind="bad" head={text.canceled(dateTime(event.cancellation.canceled_at))} />;
}
