import type { EventChange, EventDetail, EventForm } from '../../api/shapes.ts';
import { amountIn, countIn, readAll } from '../../controls/typed.ts';
import { amountText } from '../../words/format.ts';

/** The fields of the event form, as text. Empty means not given. */
export const eventFields = [
  'event_name',
  'price',
  'total_slots',
  'starts_at',
  'venue',
  'description',
  'sale_opens_at',
  'max_per_person',
  'cancel_until',
] as const;
export type EventFields = Record<(typeof eventFields)[number], string>;

const moments: readonly string[] = ['starts_at', 'sale_opens_at', 'cancel_until'];

/** Whether a field is a time, which is typed in the browser's time zone. */
export const isMoment = (name: string) => moments.includes(name);

const numbers: readonly string[] = ['total_slots', 'max_per_person'];

/** The initial fields: those of an event, or empty ones. */
export function fieldsOf(event: EventDetail | undefined): EventFields {
  const text = (name: (typeof eventFields)[number]) => {
    const value = event?.[name];
    if (value === undefined) return '';
    if (name === 'price') return amountText(Number(value));
    return isMoment(name) ? localTime(String(value)) : String(value);
  };
  return Object.fromEntries(eventFields.map((name) => [name, text(name)])) as EventFields;
}

/** The request body that creates an event. @throws Mistyped */
export function formOf(fields: EventFields): EventForm {
  const filled = eventFields.filter((name) => fields[name] !== '');
  return readAll(filled, (name) => readField(name, fields[name])) as unknown as EventForm;
}

/** The request body that changes an event: only changed fields, null for cleared ones. @throws Mistyped */
export function changeOf(event: EventDetail, fields: EventFields): EventChange {
  const before = fieldsOf(event);
  const changed = eventFields.filter((name) => fields[name] !== before[name]);
  const values = readAll(changed, (name) => (fields[name] === '' ? null : readField(name, fields[name])));
  return values as EventChange;
}

function readField(name: string, text: string): string | number {
  if (name === 'price') return amountIn(name, text);
  if (numbers.includes(name)) return countIn(name, text);
  return isMoment(name) ? new Date(text).toISOString() : text;
}

/** A time for a `datetime-local` input: local, to the minute. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
