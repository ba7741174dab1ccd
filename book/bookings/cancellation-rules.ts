import type { EventDescription } from '../../contracts/events/calls.ts';
import type { Reason } from '../../contracts/step.ts';
import { Conflict } from '../../platform/errors.ts';

export interface CancellationAsked {
  readonly isOwner: boolean;
  /** True for the event's organizer and for admins. */
  readonly mayAlways: boolean;
  readonly checkedInAt: Date | null;
  readonly event: Pick<EventDescription, 'cancelUntil'> | undefined;
  readonly now: Date;
}

/**
 * Decides whether a booking may be canceled, and with which reason. The owner may cancel until the event's deadline and
 * until check-in; the organizer and admins may always.
 * @throws Conflict when it is too late.
 */
export function cancellationReason({ isOwner, mayAlways, checkedInAt, event, now }: CancellationAsked): Reason {
  const cancelUntil = event?.cancelUntil ?? null;
  const isTooLate = checkedInAt !== null || (cancelUntil !== null && now > new Date(cancelUntil));
  if (isOwner && !isTooLate) return 'by_owner';
  if (mayAlways) return 'by_organizer';
  if (checkedInAt !== null) throw ticketAlreadyUsed(checkedInAt);
  const why = { reason: 'too_late', values: { until: cancelUntil ?? '' } };
  throw new Conflict(
    `The cancellation deadline of this event was ${cancelUntil}. Its organizer can still cancel the booking.`,
    undefined,
    why,
  );
}

export function ticketAlreadyUsed(checkedInAt: Date): Conflict {
  const at = checkedInAt.toISOString();
  const why = { reason: 'checked_in', values: { at } };
  return new Conflict(`This ticket was used at ${at}, so the booking can no longer be canceled.`, undefined, why);
}
