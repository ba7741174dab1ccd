/**
 * Formats an array of numbers, plain texts and nulls for PostgreSQL: `{1,2,NULL,"paid"}`. The driver's own formatting
 * quotes and escapes every element, which is slow for batches with thousands of elements.
 * @returns undefined when the array has other elements; the driver then formats it.
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
