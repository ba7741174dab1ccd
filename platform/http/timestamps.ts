import { InvalidInput } from '../errors.ts';

/**
 * Reads a moment that a schema has let pass as one. Its pattern takes 30 February, and `Date` would read that as
 * 2 March.
 * @throws InvalidInput, about the field, for a day that no calendar has.
 */
export function readMoment<Absent extends null | undefined>(text: string | Absent, field: string): Date | Absent {
  if (typeof text !== 'string') return text;
  const moment = new Date(text);
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  if (Number.isNaN(moment.getTime()) || day > lastDay) throw new InvalidInput(`${text} is in no calendar.`, field);
  return moment;
}
