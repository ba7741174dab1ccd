import { InvalidInput } from '../errors.ts';

/**
 * Parses a timestamp that matches its schema. The schema's pattern allows 30 February, which `Date` would turn into
 * 2 March.
 * @throws InvalidInput for a day that does not exist.
 */
export function readMoment<Absent extends null | undefined>(text: string | Absent, field: string): Date | Absent {
  if (typeof text !== 'string') return text;
  const moment = new Date(text);
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  if (Number.isNaN(moment.getTime()) || day > lastDay) throw new InvalidInput(`${text} is not a valid date.`, field);
  return moment;
}
