import { percent } from '../words/format.ts';
import { words } from '../words/words.ts';

/** How full an event is, as a bar. */
export function Filling({ taken, total }: { readonly taken: number; readonly total: number }) {
  const share = total === 0 ? 0 : taken / total;
  return (
    <svg
      class="filling"
      viewBox="0 0 100 12"
      preserveAspectRatio="none"
      role="img"
      aria-label={words.value.events.filled(percent(share))}
    >
      <rect class="filling-all" width="100" height="12" />
      <rect class="filling-taken" width={100 * share} height="12" />
    </svg>
  );
}
