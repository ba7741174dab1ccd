import type { EventDescription } from '../../contracts/events/calls.ts';
import { cancelableUntilMs, type Terms } from '../../contracts/events/terms.ts';
import type { Reason } from '../../contracts/step.ts';
import { Conflict } from '../../platform/errors.ts';

export interface CancellationAsked {
  readonly isOwner: boolean;
  /** True for those who manage the event. */
  readonly mayAlways: boolean;
  readonly checkedInAt: Date | null;
  /** When the booking was made. Its owner may rely on the terms of that time. */
  readonly bookedAt: Date;
  readonly event: Pick<EventDescription, 'startsAt' | 'cancelUntil' | 'movedAt' | 'earlierTerms'> | undefined;
  readonly now: Date;
}

/**
 * Decides whether a booking may be canceled, and with which reason. The owner may cancel until the event's deadline and
 * until check-in; those who manage the event may always.
 * @throws Conflict when it is too late.
 */
export function cancellationReason(asked: CancellationAsked): Reason {
  const { isOwner, mayAlways, checkedInAt, bookedAt, event, now } = asked;
  const untilMs =
    event === undefined ? Number.POSITIVE_INFINITY : cancelableUntilMs(termsOf(event), bookedAt.getTime());
  const isTooLate = checkedInAt !== null || now.getTime() > untilMs;
  if (isOwner && !isTooLate) return 'by_owner';
  if (mayAlways) return 'by_organizer';
  if (checkedInAt !== null) throw ticketAlreadyUsed(checkedInAt);
  const until = new Date(untilMs).toISOString();
  throw new Conflict(
    `The cancellation deadline of this event was ${until}. Its organizer can still cancel the booking.`,
    undefined,
    { reason: 'too_late', values: { until } },
  );
}

function termsOf({ startsAt, cancelUntil, movedAt, earlierTerms }: NonNullable<CancellationAsked['event']>): Terms {
  return {
    ...(startsAt !== null && { starts_at: startsAt }),
    ...(cancelUntil !== null && { cancel_until: cancelUntil }),
    ...(movedAt !== null && { moved_at: movedAt }),
    earlier_terms: earlierTerms.map((earlier) => ({
      replaced_at: earlier.replacedAt,
      ...(earlier.cancelUntil !== null && { cancel_until: earlier.cancelUntil }),
    })),
  };
}

export function ticketAlreadyUsed(checkedInAt: Date): Conflict {
  const at = checkedInAt.toISOString();
  const why = { reason: 'checked_in', values: { at } };
  return new Conflict(`This ticket was used at ${at}, so the booking can no longer be canceled.`, undefined, why);
}
