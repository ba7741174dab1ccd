import { readAmount, readCount, type Unreadable } from '../../../contracts/account/amounts.ts';
import { momentsOf } from '../../../contracts/events/wall-time.ts';
import { currency } from '../words/format.ts';

/** Why the text of a field is not sent; `problems.typed` has the words. */
export type Misread = 'amount' | 'count' | 'too_large' | 'skipped_hour';

/** The error when fields of a form cannot be read. Nothing was sent. */
export class Mistyped extends Error {
  readonly fields: { readonly [name: string]: Misread };

  constructor(fields: { readonly [name: string]: Misread }) {
    super(`cannot read ${Object.keys(fields).join(', ')}`);
    this.fields = fields;
  }
}

/** Reads the amount of a field, in minor units. @throws Mistyped */
export function amountIn(name: string, text: string): number {
  // Without the currency there is no form with amounts.
  return value(name, 'amount', readAmount(text, currency.value?.digits ?? 0));
}

/** Reads the whole number of a field. @throws Mistyped */
export const countIn = (name: string, text: string): number => value(name, 'count', readCount(text));

/** Reads the date and time of a `datetime-local` input. Of a repeated time the first is taken. @throws Mistyped */
export function momentIn(name: string, text: string, timeZone: string): string {
  const [atMs] = momentsOf(text, timeZone);
  if (atMs === undefined) throw new Mistyped({ [name]: 'skipped_hour' });
  return new Date(atMs).toISOString();
}

function value(name: string, kind: Misread, read: number | Unreadable): number {
  if (typeof read === 'number') return read;
  throw new Mistyped({ [name]: read === 'unreadable' ? kind : read });
}

/**
 * Reads all fields of a form, and reports all that cannot be read.
 * @throws Mistyped
 */
export function readAll<Name extends string, Value>(
  names: readonly Name[],
  read: (name: Name) => Value,
): { [name in Name]?: Value } {
  const values: { [name in Name]?: Value } = {};
  let wrong: Mistyped['fields'] = {};
  for (const name of names) {
    try {
      values[name] = read(name);
    } catch (error) {
      if (!(error instanceof Mistyped)) throw error;
      wrong = { ...wrong, ...error.fields };
    }
  }
  if (Object.keys(wrong).length > 0) throw new Mistyped(wrong);
  return values;
}
