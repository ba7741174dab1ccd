import type { EventDetail } from '../api/shapes.ts';
import { dateTime } from '../words/format.ts';

interface PlaceProps {
  readonly event: Pick<EventDetail, 'starts_at' | 'venue' | 'time_zone'> | undefined;
}

/** When and where an event takes place, in one line; nothing if neither is known. */
export function Place({ event }: PlaceProps) {
  const { starts_at: startsAt, venue } = event ?? {};
  if (startsAt === undefined && venue === undefined) return null;
  return (
    <p class="soft">
      {startsAt !== undefined && dateTime(startsAt, event)}
      {startsAt !== undefined && venue !== undefined && ' · '}
      {venue !== undefined && <bdi>{venue}</bdi>}
    </p>
  );
}
