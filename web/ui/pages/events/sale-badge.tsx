import type { EventDetail } from '../../api/shapes.ts';
import type { Sale } from '../../state/sale.ts';
import { dateTime } from '../../words/format.ts';
import { words } from '../../words/words.ts';

/** Shows when booking opens. The bib shows every other sale state. */
export function SaleBadge({ event, sale }: { readonly event: EventDetail; readonly sale: Sale }) {
  const { events: text } = words.value;
  if (sale !== 'not_open') return null;
  return <span class="badge wait">{text.opensAt(dateTime(event.sale_opens_at ?? '', event))}</span>;
}
