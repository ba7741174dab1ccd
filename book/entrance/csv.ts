/** What makes a spreadsheet read a cell as a formula, at its beginning. Source: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[\s]*[=+\-@\t\r\n|%＝＋－＠]/;

/**
 * A line of a CSV file (RFC 4180). Every cell is in quotes, and one that a spreadsheet would take for a formula has an
 * apostrophe in front: names are what people say they are, and whoever opens the file is someone else.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}
