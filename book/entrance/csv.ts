import type { CsvSeparator } from '../../contracts/book/attendees.ts';

/**
 * Signs with which spreadsheets begin a formula, in their plain, small and full-width forms, which some spreadsheets read
 * alike. Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
const signs = '=﹦＝+﹢＋\\-﹣－\\u2212@﹫＠|｜%﹪％';
/** Characters that end a cell, in the same forms: U+037E looks like a semicolon and is one in NFC. */
const separators = ',﹐，;﹔；\\u037E|｜\\t\\r\\n\\u0085\\u2028\\u2029';
/** Blanks and quotes of every kind, between which a spreadsheet may see the beginning of a cell. */
const around = '[\\s"\'`´′″＂＇\\p{Pi}\\p{Pf}‚„〝-〟]*';

const formula = new RegExp(`^${around}[${signs}\\t\\r\\n]`, 'u');

/**
 * The same after a separator inside a cell. A spreadsheet that expects another separator than the file has does not
 * know where a cell is quoted, and begins a new one there.
 */
const innerFormula = new RegExp(`([${separators}]${around})(?=[${signs}])`, 'gu');

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
