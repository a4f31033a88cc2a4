/** The form of a word that goes with a count, after the language's own rules. */

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** `#` in a form stands for the count, with thousands marked. */
export function pluralIn(language: string) {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count: number, forms: Forms): string =>
    (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
