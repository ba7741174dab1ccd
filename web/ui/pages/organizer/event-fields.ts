import { wallTimeAt } from '../../../../contracts/events/wall-time.ts';
import type { EventChange, EventDetail, EventForm } from '../../api/shapes.ts';
import { amountIn, countIn, momentIn, readAll } from '../../controls/typed.ts';
import { amountText, browserZone, zoneOf } from '../../words/format.ts';

/** The fields of the event form, as text. Empty means not given. */
export const eventFields = [
  'event_name',
  'price',
  'total_slots',
  'starts_at',
  'time_zone',
  'venue',
  'description',
  'sale_opens_at',
  'sale_closes_at',
  'max_per_person',
  'cancel_until',
] as const;
export type EventField = (typeof eventFields)[number];
export type EventFields = Record<EventField, string>;

const moments = ['starts_at', 'sale_opens_at', 'sale_closes_at', 'cancel_until'] as const;
export type MomentName = (typeof moments)[number];

/** Whether a field is a time, which is typed in the event's time zone. */
const isMoment = (name: EventField): name is MomentName => (moments as readonly string[]).includes(name);

/** The initial fields: those of an event, or those of a new one, whose zone is the browser's. */
export function fieldsOf(event: EventDetail | undefined): EventFields {
  const texts = eventFields.map((name) => [name, event === undefined ? '' : fieldOf(event, name)]);
  const fields = Object.fromEntries(texts) as EventFields;
  return event === undefined ? { ...fields, time_zone: browserZone() } : fields;
}

function fieldOf(event: EventDetail, name: EventField): string {
  const value = event[name];
  if (value === undefined) return '';
  if (name === 'price') return amountText(event.price);
  return isMoment(name) ? localTime(String(value), zoneOf(event.time_zone)) : String(value);
}

/** A time for a `datetime-local` input: on the clocks of the zone, to the minute. */
const localTime = (at: string, timeZone: string) => wallTimeAt(Date.parse(at), timeZone).slice(0, -':00'.length);

/** The request body that creates an event. @throws Mistyped */
export function formOf(fields: EventFields): EventForm {
  const filled = eventFields.filter((name) => fields[name] !== '');
  return readAll(filled, (name) => readField(name, fields)) as unknown as EventForm;
}

/**
 * The request body that changes an event: only changed fields, null for cleared ones. In another zone the times on the
 * clocks stay, and are other moments.
 * @throws Mistyped
 */
export function changeOf(event: EventDetail, fields: EventFields): EventChange {
  const before = fieldsOf(event);
  const isMoved = zoneOf(fields.time_zone) !== zoneOf(before.time_zone);
  const touched = eventFields.filter((name) => fields[name] !== before[name] || (isMoved && isMoment(name)));
  const values = readAll(touched, (name) => (fields[name] === '' ? null : readField(name, fields)));
  // The same price or time may be written in another way.
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== (event[name as EventField] ?? null)),
  );
}

function readField(name: EventField, fields: EventFields): string | number {
  const text = fields[name];
  if (name === 'price') return amountIn(name, text);
  if (name === 'total_slots' || name === 'max_per_person') return countIn(name, text);
  return isMoment(name) ? momentIn(name, text, zoneOf(fields.time_zone)) : text;
}
