/** Cell beginnings that spreadsheets read as a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[\s]*[=+\-@\t\r\n|%＝＋－＠]/;

/**
 * A line of a CSV file (RFC 4180). Every cell is quoted. A cell that a spreadsheet would read as a formula gets an
 * apostrophe in front: people choose their names, and the organizer opens the file.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}
