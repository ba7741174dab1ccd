import type { StatementItem } from '../../contracts/account/schemas.ts';
import type { StatementEntry } from './cash-store.ts';

export function itemOf(entry: StatementEntry): StatementItem {
  const { id, personId, kind, added, balance, eventId, bookingId, reference, madeAt } = entry;
  return {
    id,
    user_id: personId,
    kind,
    amount: added,
    balance,
    ...(eventId !== null && { event_id: eventId }),
    ...(bookingId !== null && { booking_id: bookingId }),
    ...(reference !== null && { reference }),
    at: madeAt.toISOString(),
  };
}
