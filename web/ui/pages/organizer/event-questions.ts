import type { EventChange, EventDetail, EventForm } from '../../api/shapes.ts';

/** What is allowed, but unusual, and may be a slip: the page asks before it saves. */
export const questions = [
  'starts_in_past',
  'closes_after_start',
  'cancel_after_start',
  'cancel_in_past',
  'cancel_before_sale',
  'moves_bookings',
] as const;
export type Question = (typeof questions)[number];

/**
 * The questions about an event that is created or changed. Only what is touched is asked about.
 * @param before the event as it is; undefined for a new one.
 */
export function questionsAbout(
  body: EventForm | EventChange,
  before: EventDetail | undefined,
  nowMs: number,
): Question[] {
  const after = { ...before, ...body };
  const at = (name: 'starts_at' | 'sale_opens_at' | 'sale_closes_at' | 'cancel_until') => {
    const text = after[name];
    return typeof text === 'string' ? Date.parse(text) : Number.NaN;
  };
  const touches = (...names: string[]) => names.some((name) => name in body);
  const taken = before === undefined ? 0 : before.total_slots - before.free_slots;
  // A comparison with a missing time is false.
  const isSo: Record<Question, boolean> = {
    starts_in_past: touches('starts_at') && at('starts_at') < nowMs,
    closes_after_start: touches('starts_at', 'sale_closes_at') && at('sale_closes_at') > at('starts_at'),
    cancel_after_start: touches('starts_at', 'cancel_until') && at('cancel_until') > at('starts_at'),
    cancel_in_past: touches('cancel_until') && at('cancel_until') < nowMs,
    cancel_before_sale: touches('sale_opens_at', 'cancel_until') && at('cancel_until') < at('sale_opens_at'),
    moves_bookings: taken > 0 && touches('starts_at', 'venue'),
  };
  return questions.filter((question) => isSo[question]);
}
