import { useLocation } from 'preact-iso';
import type { When } from '../api/shapes.ts';
import { words } from '../words/words.ts';

/** Whether the address asks for the events to come or for those that have started. */
export const useWhen = (): When => (useLocation().query.when === 'past' ? 'past' : 'upcoming');

/** The link from the events to come to those that have started, and back. */
export function OtherEvents({ when, path }: { readonly when: When; readonly path: string }) {
  const { events: text } = words.value;
  return (
    <p class="soft">
      {when === 'past' ? <a href={path}>{text.toUpcoming}</a> : <a href={`${path}?when=past`}>{text.past}</a>}
    </p>
  );
}
