/** Chooses the form of a word that goes with a number: `{ one, other }` in English, `{ one, few, many }` in Russian. */
export type Plural = (count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>>) => string;

/** The forms of a language. A form that is not given is the one for many, or else for all others. */
export function pluralOf(locale: string): Plural {
  const rules = new Intl.PluralRules(locale);
  return (count, forms) => forms[rules.select(count)] ?? forms.many ?? forms.other ?? '';
}
