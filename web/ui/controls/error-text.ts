import type { ComponentChildren } from 'preact';
import { kindOf, Refused, Unreachable } from '../api/client.ts';
import { amountText, count, dateTime, sum } from '../words/format.ts';
import { words } from '../words/words.ts';
import { isolated } from './isolated.tsx';
import { type Misread, Mistyped } from './typed.ts';

/** What happened, and what to do next. */
export interface Explanation {
  readonly head: string;
  readonly hint?: ComponentChildren;
}

/** Explains an error by its kind and reason. An unknown reason falls back to the server's own message. */
export function explain(error: unknown): Explanation {
  const { problems } = words.value;
  if (error instanceof Unreachable) return problems.lost[error.lost];
  if (!(error instanceof Refused)) return problems.unexpected;
  const known = problems.kinds[kindOf(error) as keyof typeof problems.kinds];
  const why = whyOf(error);
  const hint = why === undefined ? error.message : isolated((...shown) => why.text(shown), ...why.values);
  if (known === undefined) return { head: problems.refused, hint };
  return 'hint' in known ? known : { ...known, hint };
}

/**
 * The error texts of form fields: of those that cannot be read, or of the one that the server rejected. Empty if the
 * error is about none of these fields.
 */
export function fieldErrors<Name extends string>(
  error: unknown,
  names: readonly Name[],
): { readonly [name in Name]?: string } {
  const texts = names.flatMap((name) => {
    const text = fieldError(error, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts) as { [name in Name]?: string };
}

function fieldError(error: unknown, name: string): string | undefined {
  if (error instanceof Mistyped) {
    const misread = error.fields[name];
    return misread && misreadText(misread);
  }
  if (!(error instanceof Refused) || (error.status !== 400 && error.status !== 409)) return undefined;
  if (name !== error.problem?.field) return undefined;
  const why = whyOf(error);
  return why?.text(why.values) ?? words.value.problems.fields.any;
}

/** Says how to write what could not be read. */
function misreadText(misread: Misread): string {
  const { typed } = words.value.problems;
  return misread === 'amount' ? typed.amount(amountText(1_250)) : typed[misread];
}

/** The text of a reason as a function of its values, and the values, as they are shown. */
interface Why {
  readonly text: (values: readonly string[]) => string;
  readonly values: readonly string[];
}

/** The fields whose limits are amounts. */
const amounts = ['price', 'delta', 'paid.amount'];

/** The reason in the current language, or undefined if it is missing or unknown. */
function whyOf({ problem }: Refused): Why | undefined {
  const { fields, reasons } = words.value.problems;
  const { field = '', reason = '', values = {} } = problem ?? {};
  const { limit = '' } = values;
  const fixed = (text: string): Why => ({ text: () => text, values: [] });
  if (reason === 'too_short' || reason === 'too_long') return fixed(fields[reason](Number(limit)));
  if (reason === 'too_small' || reason === 'too_large')
    return fixed(fields[reason](shown(amounts.includes(field) ? 'amount' : 'limit', limit)));
  if (!Object.hasOwn(reasons, reason)) return undefined;
  const names = Object.keys(values);
  return {
    text: (texts) =>
      reasons[reason as keyof typeof reasons](Object.fromEntries(names.map((name, at) => [name, texts[at] ?? '']))),
    values: Object.entries(values).map(([name, value]) => shown(name, value)),
  };
}

/** Formats times, amounts and counts; names and ids stay as they are. */
function shown(name: string, value: string | number): string {
  if (name === 'at' || name === 'until') return dateTime(String(value));
  if (name === 'amount' || name === 'balance') return sum(Number(value));
  return typeof value === 'number' && !name.endsWith('_id') ? count(value) : String(value);
}
