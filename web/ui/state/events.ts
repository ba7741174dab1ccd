import { useEffect } from 'preact/hooks';
import { events } from '../api/api.ts';
import type { EventDetail } from '../api/shapes.ts';
import type { Following } from './live.ts';
import { type Loaded, useLoad } from './load.ts';

/** What is read, and whether it is kept up to date. */
export interface Followed<Value> extends Loaded<Value> {
  readonly following: Following;
}

/** How often what is shown is looked at, in milliseconds. */
const everyMs = 2_000;

function useFreshly<Value>(loaded: Loaded<Value>, keys: readonly unknown[]): Followed<Value> {
  const { reload, value, error } = loaded;
  useEffect(() => {
    const timer = setInterval(() => void (document.visibilityState === 'visible' && reload()), everyMs);
    return () => clearInterval(timer);
  }, keys);
  const following = error !== undefined ? 'away' : value === undefined ? 'connecting' : 'live';
  return { ...loaded, following };
}

/** One event, kept up to date. */
export function useEvent(id: number): Followed<EventDetail> {
  return useFreshly(
    useLoad(() => events.one(id), [id]),
    [id],
  );
}

/** All events, kept up to date. */
export function useEvents(): Followed<EventDetail[]> {
  return useFreshly(
    useLoad(() => events.list(), []),
    [],
  );
}
