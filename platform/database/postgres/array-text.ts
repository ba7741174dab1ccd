/**
 * An array of numbers, plain texts and nulls as PostgreSQL reads it: `{1,2,NULL,"paid"}`. The driver writes arrays as
 * well, but quotes and escapes each element by itself, and sets have thousands of them.
 * @returns nothing when it holds anything else, which the driver knows how to write.
 * Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayText(array: readonly unknown[]): string | undefined {
  let text = '{';
  for (const [index, item] of array.entries()) {
    const written = elementText(item);
    if (written === undefined) return undefined;
    text += index === 0 ? written : `,${written}`;
  }
  return `${text}}`;
}

function elementText(item: unknown): string | undefined {
  if (item === null) return 'NULL';
  if (typeof item === 'number') return `${item}`;
  return typeof item === 'string' && !needsEscape.test(item) ? `"${item}"` : undefined;
}

const needsEscape = /["\\]/;
