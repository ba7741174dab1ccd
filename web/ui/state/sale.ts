import type { EventDetail } from '../api/shapes.ts';

/** Whether an event can be booked, and why not. */
export type Sale = 'canceled' | 'over' | 'closed' | 'not_open' | 'sold_out' | 'open';

/** Whether an event has started. One without a start never has. */
export const hasStarted = ({ starts_at }: EventDetail, nowMs: number) =>
  starts_at !== undefined && Date.parse(starts_at) <= nowMs;

export function saleOf(event: EventDetail, nowMs: number): Sale {
  if (event.cancellation !== undefined) return 'canceled';
  const endsAt = event.sale_closes_at ?? event.starts_at;
  if (endsAt !== undefined && Date.parse(endsAt) <= nowMs) return hasStarted(event, nowMs) ? 'over' : 'closed';
  if (event.sale_opens_at !== undefined && Date.parse(event.sale_opens_at) > nowMs) return 'not_open';
  return event.free_slots === 0 ? 'sold_out' : 'open';
}

const begins = ({ starts_at }: EventDetail) => (starts_at === undefined ? 0 : Date.parse(starts_at));

/** Sorts events that have started: the last one first. */
export const latestFirst = (events: readonly EventDetail[]) =>
  events.toSorted((a, b) => begins(b) - begins(a) || b.id - a.id);

/** Sorts events: by start time, then events without a date, then events that are over or canceled. */
export function inOrder(events: readonly EventDetail[], nowMs: number): EventDetail[] {
  const rank = (event: EventDetail) => {
    const sale = saleOf(event, nowMs);
    if (sale === 'canceled' || sale === 'over') return 2;
    return event.starts_at === undefined ? 1 : 0;
  };
  return events.toSorted((a, b) => rank(a) - rank(b) || begins(a) - begins(b) || b.id - a.id);
}
