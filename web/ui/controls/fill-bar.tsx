import { percent } from '../words/format.ts';
import { words } from '../words/words.ts';

interface FillBarProps {
  readonly taken: number;
  readonly total: number;
  /** The text of the bar. By default, the share of places taken. */
  readonly label?: string;
}

/** How full an event is, as a bar. */
export function FillBar({ taken, total, label }: FillBarProps) {
  const share = total === 0 ? 0 : taken / total;
  return (
    <svg
      class="fill-bar"
      viewBox="0 0 100 12"
      preserveAspectRatio="none"
      role="img"
      aria-label={label ?? words.value.events.filled(percent(share))}
    >
      <rect class="fill-bar-all" width="100" height="12" />
      <rect class="fill-bar-taken" width={100 * share} height="12" />
    </svg>
  );
}
