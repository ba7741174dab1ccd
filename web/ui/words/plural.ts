/** Selects the plural form for a number: `{ one, other }` in English, `{ one, few, many }` in Russian. */
export type Plural = (count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>>) => string;

/** Plurals of a language. A missing form falls back to `many`, then to `other`. */
export function pluralOf(locale: string): Plural {
  const rules = new Intl.PluralRules(locale);
  return (count, forms) => forms[rules.select(count)] ?? forms.many ?? forms.other ?? '';
}
