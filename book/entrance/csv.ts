import type { CsvSeparator } from '../../contracts/book/attendees.ts';

/** Cell beginnings that spreadsheets read as a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[\s"]*[=+\-@\t\r\n|%＝＋－＠]/;

/**
 * The same after a separator inside a cell. A spreadsheet that expects another separator than the file has does not
 * know where a cell is quoted, and begins a new one there.
 */
const innerFormula = /([,;|\t\r\n\u0085\u2028\u2029][\s"]*)(?=[=+\-@|%＝＋－＠])/g;

/**
 * A line of a CSV file (RFC 4180). Every cell is quoted. What a spreadsheet would read as a formula, in whichever locale,
 * gets an apostrophe in front: people choose their names, and the organizer opens the file.
 */
export function csvLine(cells: readonly (string | number)[], separator: CsvSeparator): string {
  return `${cells.map(csvCell).join(separator)}\r\n`;
}

function csvCell(value: string | number): string {
  const text = typeof value === 'string' ? harmless(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

const harmless = (text: string) => `${formula.test(text) ? "'" : ''}${text.replace(innerFormula, "$1'")}`;
