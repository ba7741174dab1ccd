import type { Connection } from '../state/live.ts';
import { words } from '../words/words.ts';

/** Says whether what is shown is kept up to date. */
export function LiveStatus({ state }: { readonly state: Connection }) {
  return (
    <p class={state === 'live' ? 'live on' : 'live'} role="status">
      {words.value.connection[state]}
    </p>
  );
}
