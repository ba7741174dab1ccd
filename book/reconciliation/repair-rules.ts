import { judgeTrio, type Trio } from './rules.ts';

/** How the errors under one booking id are repaired. */
export type Repair = 'occupy' | 'cancel' | 'refund' | 'undo';

/**
 * Chooses the repair for one booking id:
 * - `occupy`: a complete booking has no slot or no payment, and no record that it was undone. The saga requests both
 *   again.
 * - `cancel`: a complete booking has a slot or payment that was undone. Requesting it again would return the old
 *   record, so the rest is undone as well. The same for a paying booking whose payment differs from its price: its slot
 *   was granted again after a price change, and account would reject the new amount as a contradiction.
 * - `refund`: a canceled booking still has a slot or a payment. The saga gives them back.
 * - `undo`: a slot or a payment has no booking.
 *
 * Undefined when the records disagree about the person or event: every request for this booking would be a
 * contradiction.
 */
export function repairFor(trio: Trio): Repair | undefined {
  const kinds = new Set(judgeTrio(trio, 0).map(({ kind }) => kind));
  if (kinds.has('records_disagree')) return undefined;
  if (kinds.has('slot_without_booking') || kinds.has('payment_without_booking')) return 'undo';
  if (kinds.has('slot_kept') || kinds.has('payment_kept')) return 'refund';
  if (kinds.has('price_differs') || kinds.has('slot_undone') || kinds.has('payment_undone')) return 'cancel';
  if (kinds.has('slot_missing') || kinds.has('payment_missing')) return 'occupy';
  return undefined;
}
