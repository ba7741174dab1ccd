import type { Connection } from '../state/live.ts';
import { words } from '../words/words.ts';

/** Shows whether the page receives live updates. */
export function LiveStatus({ state }: { readonly state: Connection }) {
  return (
    <p class={state === 'live' ? 'live on' : 'live'} role="status">
      {words.value.connection[state]}
    </p>
  );
}
