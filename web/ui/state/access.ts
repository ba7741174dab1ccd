import { organizing } from '../api/api.ts';
import type { OwnAccess } from '../api/shapes.ts';
import { type Loaded, useLoad } from './load.ts';
import { me } from './session.ts';

/** What the signed-in person may do at an event; without `access` for nothing. */
export function useAccess(eventId: number): Loaded<OwnAccess> {
  const personId = me.value?.id;
  return useLoad(async () => (personId === undefined ? {} : organizing.access(eventId)), [eventId, personId], true);
}
