import type { EventDescription } from '../../contracts/events/schemas.ts';
import type { Reason } from '../../contracts/step.ts';
import { Conflict } from '../../platform/errors.ts';

/** Who wants to cancel a booking, and what there is to know of it. */
export interface CancellationAsked {
  readonly isOwner: boolean;
  /** The organizer of its event, or an admin. */
  readonly mayAlways: boolean;
  readonly checkedInAt: Date | null;
  readonly event: Pick<EventDescription, 'cancelUntil'> | undefined;
  readonly now: Date;
}

/**
 * Decides whether a booking may be canceled, and for which reason. Its owner may until the event says that it is too
 * late, and until they were let in; its organizer and admins always may.
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
    `Bookings for this event could be canceled until ${cancelUntil}; its organizer still can.`,
    undefined,
    why,
  );
}

/** Said here, and where a cancellation finds out that its owner was let in a moment before. */
export function ticketAlreadyUsed(checkedInAt: Date): Conflict {
  const at = checkedInAt.toISOString();
  const why = { reason: 'checked_in', values: { at } };
  return new Conflict(`This ticket was used at ${at}: the booking can’t be canceled any more.`, undefined, why);
}
