/*
 * Rules about an event's terms that services and pages share. Times are ISO 8601, and "now" is passed in.
 */

/** A cancellation deadline that was replaced by a worse one. `cancel_until` is absent for "until the start". */
export interface EarlierTerms {
  readonly replaced_at: string;
  readonly cancel_until?: string;
}

/** The fields of an event that decide until when owners may cancel. */
export interface Terms {
  readonly starts_at?: string;
  readonly cancel_until?: string;
  /** The last change of date or place. */
  readonly moved_at?: string;
  readonly earlier_terms?: readonly EarlierTerms[];
}

const dayMs = 24 * 60 * 60 * 1_000;
/** After a change of date or place, owners may cancel freely for this time, in milliseconds, but not after the start. */
export const freeAfterMoveMs = 7 * dayMs;
/** The shortest time for which owners may cancel after such a change, even if the event starts earlier. */
const shortestAfterMoveMs = dayMs;

/**
 * The time until which the owner of a booking may cancel it, in milliseconds; Infinity without a limit.
 *
 * The deadline is `cancel_until`, or else the start. A worse deadline binds later bookings only: an owner may rely on
 * the best one that was in force since the booking was made. After a change of date or place, owners of earlier bookings
 * may cancel for seven days.
 * @param bookedAtMs when the booking was made.
 */
export function cancelableUntilMs(terms: Terms, bookedAtMs: number): number {
  const startsMs = momentOf(terms.starts_at);
  const earlier = (terms.earlier_terms ?? []).filter(({ replaced_at }) => Date.parse(replaced_at) > bookedAtMs);
  const deadlines = [terms, ...earlier].map(({ cancel_until }) => momentOf(cancel_until ?? terms.starts_at));
  const movedMs = terms.moved_at === undefined ? undefined : Date.parse(terms.moved_at);
  if (movedMs !== undefined && movedMs > bookedAtMs) {
    deadlines.push(Math.max(Math.min(movedMs + freeAfterMoveMs, startsMs), movedMs + shortestAfterMoveMs));
  }
  return Math.max(...deadlines);
}

function momentOf(at: string | undefined): number {
  return at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
}
